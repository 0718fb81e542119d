import { functionBounds, jsonValue } from '../../../conversation/function-input.ts'
import { badInput, Failure } from '../../../kernel/errors.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'

const PublishChannelMessagePayload = builder
  .objectRef<{ readonly channelId: ChannelId }>('PublishChannelMessagePayload')
  .implement({
    description: 'The message is in the log.',
    fields: (t) => ({ channelId: t.exposeID('channelId', { description: 'The channel.' }) }),
  })

builder.mutationField('publishChannelMessage', (t) =>
  t.field({
    type: PublishChannelMessagePayload,
    description:
      "Appends a message of the caller's own to a channel; a run waiting on that channel receives it, the call that has waited longest first. A channel that does not exist comes to be; without a dispatch its log goes when RETENTION_SECONDS have passed since the last message. CONFLICT once the channel's run has ended, LIMIT_EXCEEDED when its log is full.",
    args: {
      channelId: t.arg.id({ required: true, description: '16 to 128 of A-Z a-z 0-9 _ -.' }),
      message: t.arg({
        type: 'JSONObject',
        required: true,
        description: `Up to ${functionBounds.json} characters as JSON. To answer a call: {result: …}, {error: "…"} or {abort: "…"}.`,
      }),
    },
    resolve: async (_root, { channelId, message }, { services, principal }) => {
      const channel = channelIdArgument(channelId)
      const checked = jsonValue.safeParse(message)
      if (!checked.success) {
        throw badInput([{ path: ['message'], message: checked.error.issues[0]?.message ?? 'is wrong' }])
      }
      const outcome = await services.answers.publish({ account: principal.account, channel }, message)
      if (outcome === 'ended') throw new Failure('CONFLICT', "The channel's run has ended; nothing can follow.")
      if (outcome === 'full')
        throw new Failure('LIMIT_EXCEEDED', "The channel's log has reached its limit of entries or bytes.")
      return { channelId: channel }
    },
  }),
)
