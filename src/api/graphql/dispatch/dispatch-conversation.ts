import type { ChannelToken as DomainToken } from '../../../access/channel-token.ts'
import { parseDispatchInput } from '../../../conversation/dispatch-input.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { badInput } from '../../../kernel/errors.ts'
import { isTimezone } from '../../../kernel/timezone.ts'
import { builder } from '../builder.ts'
import { ChannelToken, ChannelTokenInput, channelTokenMint } from '../channel/channel-token.ts'
import { MessageInput } from '../channel/message.ts'
import type { Context } from '../context.ts'
import { ContactInput } from '../resource/contact.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'
import { AttachmentInput, ExtensionsInput } from './extensions.ts'
import { FunctionInput } from './function.ts'
import { LimitsInput } from './limits.ts'

const DispatchConversationInput = builder.inputType('DispatchConversationInput', {
  description: 'A conversation to be completed in the background.',
  fields: (t) => ({
    messages: t.field({
      type: [MessageInput],
      required: true,
      description: 'At least one, unless the dispatch continues another; at most 1000.',
    }),
    continues: t.id({
      description: 'An ended dispatch of the same account: its transcript comes first, these messages after it.',
    }),
    attachments: t.field({
      type: [AttachmentInput],
      description: 'Files for the model, at most 20. One that cannot be had does not end the run.',
    }),
    contactId: t.id({
      description: 'A stored contact, whom the conversation is with. Give this or `contact`, not both.',
    }),
    contact: t.field({
      type: ContactInput,
      description: 'A contact found by its fingerprint, created where there is none; what is stored is left as it is.',
    }),
    functions: t.field({
      type: [FunctionInput],
      description: 'What the model may call, at most 100. Default: none.',
    }),
    extensions: t.field({ type: ExtensionsInput, description: 'What the model is to know and to do besides.' }),
    limits: t.field({ type: LimitsInput, description: 'What bounds the work. Default: see LimitsInput.' }),
    channelId: t.id({
      description:
        '16 to 128 of A-Z a-z 0-9 _ -. Chosen by the caller, it makes the dispatch idempotent: the same id with the same input is one run, with another input a CONFLICT. Default: a minted one.',
    }),
    botId: t.id({
      description:
        'A stored bot. What is given here wins over its own. It is looked up now: changing it later does not change this run.',
    }),
    model: t.string({
      description:
        '`provider:name` with optional `/key=value` settings; see `models`. Default: the server’s default model.',
    }),
    backstory: t.string({
      description: 'Who the model is: its system message. Wins over messages of type BACKSTORY.',
    }),
    datasetId: t.id({ description: "A stored dataset, as it is now. Default: the bot's." }),
    skillsetId: t.id({ description: "A stored skillset, as it is now. Default: the bot's." }),
    timezone: t.field({
      type: 'TimeZone',
      description: 'For dates and times in the run. Default: the X-Timezone header, then UTC.',
    }),
    notBefore: t.field({ type: 'DateTime', description: 'Start no earlier than this; within 366 days.' }),
    timeoutSeconds: t.int({
      description:
        'Give the run up after this many seconds of work, 1 to 1,209,600; waiting for answers does not count. Default: no limit.',
    }),
    channelToken: t.field({
      type: ChannelTokenInput,
      description:
        'Mint a token for this channel along with the dispatch. It is no part of the dispatch: each answer, also to one that is sent again, has a fresh one.',
    }),
  }),
})

interface Payload {
  readonly dispatch: Snapshot
  readonly channelToken: DomainToken | null
}

const DispatchConversationPayload = builder.objectRef<Payload>('DispatchConversationPayload').implement({
  description: 'A dispatch that has been accepted.',
  fields: (t) => ({
    channelId: t.id({ description: 'The channel to follow.', resolve: ({ dispatch }) => dispatch.key.channel }),
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it stands.' }),
    channelToken: t.expose('channelToken', {
      type: ChannelToken,
      nullable: true,
      description: 'Present when the input asked for one.',
    }),
  }),
})

builder.mutationField('dispatchConversation', (t) =>
  t.field({
    type: DispatchConversationPayload,
    description:
      'Accepts a conversation and answers at once; a worker completes it in the background. The dispatch is stored when the answer comes. BAD_USER_INPUT names each field that is wrong, CONFLICT a channelId in use, UNAVAILABLE a store that cannot be reached: then try again with the same channelId.',
    args: {
      input: t.arg({ type: DispatchConversationInput, required: true, description: 'What is to be completed.' }),
    },
    resolve: async (_root, { input }, context, info): Promise<Payload> => {
      const { services, principal } = context
      const { channelToken, ...conversation } = input
      const parsed = parseDispatchInput(withTimezone(conversation, context), ['input'])
      const mint = channelToken == null ? null : channelTokenMint(services, channelToken, ['input', 'channelToken'])
      const run = await services.dispatchConversation(principal.account, parsed)
      return {
        dispatch: await dispatchAfter(services, run.key, runSnapshot(run), info),
        channelToken: mint === null ? null : await mint(run.key),
      }
    },
  }),
)

/** The connection's time zone takes the place of one that is not given. */
function withTimezone<Input extends { timezone?: string | null | undefined }>(input: Input, { timezone }: Context) {
  if (input.timezone != null || timezone === null) return input
  if (isTimezone(timezone)) return { ...input, timezone }
  throw badInput([{ path: ['X-Timezone'], message: 'takes an IANA name of a time zone, such as Europe/Berlin' }])
}
