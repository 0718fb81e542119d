import { functionBounds, jsonValue } from '../../../conversation/input/function-input.ts'
import { badInput, Failure } from '../../../kernel/errors.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'

const PublishChannelMessagePayload = builder
  .objectRef<{ readonly channelId: ChannelId }>('PublishChannelMessagePayload')
  .implement({
    description: 'The result of publishChannelMessage: the message is in the log.',
    fields: (t) => ({ channelId: t.exposeID('channelId', { description: 'The channel that holds the message.' }) }),
  })

builder.mutationField('publishChannelMessage', (t) =>
  t.field({
    type: PublishChannelMessagePayload,
    description:
      'Publishes a message on a channel. If function calls wait on that channel, the one that has waited longest gets the message as its answer. Creates the channel if it does not exist; the log of a channel without a dispatch is removed RETENTION_SECONDS after its last message. Publishing twice appends two messages. CONFLICT once the run of the channel has ended; LIMIT_EXCEEDED when publications have used up their share of the log, a quarter, or the account its stored bytes.',
    args: {
      channelId: t.arg.id({ required: true, description: 'The channel to publish on: 16 to 128 of A-Z a-z 0-9 _ -.' }),
      message: t.arg({
        type: 'JSONObject',
        required: true,
        description: `The message, up to ${functionBounds.json.toLocaleString('en')} characters as JSON and ${functionBounds.depth} levels deep. To answer a call, use {result: …}, {error: "…"} or {abort: "…"}.`,
      }),
    },
    resolve: async (_root, { channelId, message }, { services, principal }) => {
      const channel = channelIdArgument(channelId)
      const checked = jsonValue.safeParse(message)
      if (!checked.success) {
        throw badInput([{ path: ['message'], message: checked.error.issues[0]?.message ?? 'is wrong' }])
      }
      const outcome = await services.answers.publish({ account: principal.account, channel }, message)
      if (outcome === 'ended')
        throw new Failure('CONFLICT', 'The run of this channel has ended, so the channel takes no more messages.')
      if (outcome === 'full')
        throw new Failure('LIMIT_EXCEEDED', "Publications have used up their share of the channel's log.")
      return { channelId: channel }
    },
  }),
)
