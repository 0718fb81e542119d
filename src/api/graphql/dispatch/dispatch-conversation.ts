import type { SignedToken } from '../../../access/token.ts'
import type { DispatchInput } from '../../../conversation/input/dispatch-input.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { dispatchFor, permittedDispatch } from '../../dispatch-permission.ts'
import { checkedTimezone } from '../../timezone-header.ts'
import { builder } from '../builder.ts'
import { ChannelToken, ChannelTokenInput, channelTokenMint } from '../channel/channel-token.ts'
import { MessageInput } from '../channel/message.ts'
import type { Context } from '../context.ts'
import { ContactInput } from '../resource/contact.ts'
import { AnswerFormatInput } from './answer-format.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'
import { AttachmentInput, ExtensionsInput } from './extensions.ts'
import { FunctionInput } from './function.ts'
import { LimitsInput } from './limits.ts'

type Busy = NonNullable<DispatchInput['whenBusy']>

const busy: Record<Uppercase<Busy>, { value: Busy; description: string }> = {
  ENQUEUE: { value: 'enqueue', description: 'The dispatch waits behind those before it.' },
  REJECT: { value: 'reject', description: 'The dispatch is refused with CONFLICT.' },
  INTERRUPT: {
    value: 'interrupt',
    description:
      'Those that have not ended are cancelled, and the dispatch begins. What they and their callers have said stays in the transcript. One that ends by itself before it is cancelled stays as it is.',
  },
  ROLLBACK: {
    value: 'rollback',
    description:
      'Those that have not ended are cancelled, and neither their messages nor what they said is in the transcript; their channels can still be read. One that ends by itself before it is cancelled stays as it is, and stays in the transcript.',
  },
  STEER: {
    value: 'steer',
    description:
      'The messages are handed to the dispatch that is at work, or is next, as by addDispatchMessages; no dispatch is created, and the payload has that one. The rest of the input is for the dispatch that is created when the conversation is idle. CONFLICT when it is not, and there are `attachments`, `continuesUpTo`, or messages that `addDispatchMessages` does not take. Sending the same again, with ids of messages or with `channelId`, hands nothing over twice.',
  },
}

const WhenBusy = builder.enumType('WhenBusy', {
  description: 'What becomes of a dispatch whose conversation has another one that has not ended.',
  values: busy,
})

const DispatchConversationInput = builder.inputType('DispatchConversationInput', {
  description: 'A conversation for a worker to complete in the background.',
  fields: (t) => ({
    messages: t.field({
      type: [MessageInput],
      required: true,
      description:
        'The messages to begin with, up to 1000. At least one, unless `continues` is given, or `conversationId` with `continuesUpTo`.',
    }),
    continues: t.id({
      description:
        'The channel id of an ended dispatch of the same account. Its transcript comes first, and `messages` follow it. CONFLICT while that dispatch has not ended; NOT_FOUND when it does not exist or its log has been removed.',
    }),
    continuesUpTo: t.id({
      description:
        'Of the dispatch in `continues`, or of the conversation: its transcript is taken only up to and including the message with this id. What came after it is left out of the transcript from now on; its dispatches can still be read. To regenerate an answer: the id of its question, and no messages. To edit a question: the id of the message before it. In a conversation the transcript is cut when the turn of the dispatch comes; it fails with CONFLICT when the message is no longer there by then. BAD_USER_INPUT when there is no message by that id.',
    }),
    conversationId: t.id({
      description:
        'The conversation that this dispatch belongs to: 16 to 128 of A-Z a-z 0-9 _ -. It comes to be with its first dispatch. Its dispatches run one at a time, in the order in which they were accepted; each begins with what the conversation has said by then, and `messages` follow it. One with `notBefore` holds up those behind it. Not with `continues`. LIMIT_EXCEEDED when 100 of its dispatches have not ended.',
    }),
    whenBusy: t.field({
      type: WhenBusy,
      description:
        'What is done while the conversation has a dispatch that has not ended. Only with `conversationId`. Default: ENQUEUE.',
    }),
    meta: t.field({
      type: 'JSONObject',
      description:
        "The caller's own data, up to 16,000 characters as JSON, at most 100 levels deep: kept with the dispatch, told to webhooks, never told to the model.",
    }),
    webhookId: t.id({
      description:
        'Tells this webhook, and no other, of this dispatch. Default: every webhook of the account that is switched on. NOT_FOUND when the account has no such webhook.',
    }),
    priority: t.int({
      description:
        "Among the account's queued dispatches those of higher priority are begun first, and those of one priority in order. -100 to 100, default 0. Says nothing across accounts: those get their turns.",
    }),
    attachments: t.field({
      type: [AttachmentInput],
      description:
        'Files for the model, at most 20. A file that cannot be fetched does not end the run (see AttachmentFailed).',
    }),
    contactId: t.id({
      description:
        'The id of a stored contact: the person the conversation is with. Pass this or `contact`, not both. NOT_FOUND when the account has no such contact.',
    }),
    contact: t.field({
      type: ContactInput,
      description:
        'The person the conversation is with, looked up by `fingerprint`, which is required here. Creates the contact if none has that fingerprint; never changes an existing one.',
    }),
    functions: t.field({
      type: [FunctionInput],
      description: 'The functions that the model may call, at most 100. Default: none.',
    }),
    answerFormat: t.field({
      type: AnswerFormatInput,
      description:
        'The form of the answers. Default: text as the model likes. With a form, `limits.continuations` is 0 unless it is given.',
    }),
    extensions: t.field({
      type: ExtensionsInput,
      description: 'Additional knowledge and abilities for this dispatch only.',
    }),
    limits: t.field({
      type: LimitsInput,
      description: 'Limits on the work of the run. For the defaults see LimitsInput.',
    }),
    channelId: t.id({
      description:
        'The id of the channel that receives the events: 16 to 128 of A-Z a-z 0-9 _ -. Choosing it makes the dispatch idempotent: sending the same id and the same input again returns the existing run; the same id with another input is a CONFLICT. Default: a new, globally unique id.',
    }),
    botId: t.id({
      description:
        'The id of a stored bot. Fields of this input override those of the bot. The bot is read when the dispatch is accepted; changing it later does not change this run. NOT_FOUND when the account has no such bot.',
    }),
    model: t.string({
      description:
        'The model, as `provider:name` with optional `/key=value` settings, 1 to 500 characters; the query `models` lists the names. Default: the model of the bot, else the default model of the server.',
    }),
    backstory: t.string({
      description:
        'Who the model is: the start of its system message, up to 1,000,000 UTF-16 code units. Default: the backstory of the bot, else the last message of type BACKSTORY.',
    }),
    datasetId: t.id({
      description:
        'The id of a stored dataset. It is read when the dispatch is accepted; changing it later does not change this run. Default: the dataset of the bot. NOT_FOUND when the account has no such dataset.',
    }),
    skillsetId: t.id({
      description:
        'The id of a stored skillset. It is read when the dispatch is accepted; changing it later does not change this run. Default: the skillset of the bot. NOT_FOUND when the account has no such skillset.',
    }),
    timezone: t.field({
      type: 'TimeZone',
      description: 'The time zone for dates and times in the run. Default: the X-Timezone header, else UTC.',
    }),
    notBefore: t.field({
      type: 'DateTime',
      description:
        'The run does not start before this time, which is at most 366 days ahead. Default, and for a time in the past: it starts at once.',
    }),
    timeoutSeconds: t.int({
      description:
        'How many seconds the run may work, 1 to 1,209,600 (14 days). A run that takes longer fails with TIMEOUT. Waiting for answers does not count. Default: no limit.',
    }),
    channelToken: t.field({
      type: ChannelTokenInput,
      description:
        'Also mints a token for this channel. The token is not part of the dispatch: sending the same dispatch again returns a fresh token. UNAVAILABLE on a server that uses Redis and has no TOKEN_SECRET.',
    }),
  }),
})

interface Payload {
  readonly dispatch: Snapshot
  readonly channelToken: SignedToken | null
}

const DispatchConversationPayload = builder.objectRef<Payload>('DispatchConversationPayload').implement({
  description: 'The result of dispatchConversation: the accepted dispatch.',
  fields: (t) => ({
    channelId: t.id({
      description:
        'The channel that receives the events. Follow it with `channelEvents`. With STEER it may be that of another dispatch than the one that the input names.',
      resolve: ({ dispatch }) => dispatch.key.channel,
    }),
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it is now.' }),
    channelToken: t.expose('channelToken', {
      type: ChannelToken,
      nullable: true,
      description: 'The token that the input asked for; null if it asked for none.',
    }),
  }),
})

builder.mutationField('dispatchConversation', (t) =>
  t.field({
    type: DispatchConversationPayload,
    description:
      'Accepts a conversation and returns at once; a worker completes it in the background. When this returns, the dispatch is stored and will run. Errors: BAD_USER_INPUT names every wrong field. NOT_FOUND names every id that the account does not have. CONFLICT: `channelId` already has a dispatch with another input, or `continues` names one that has not ended, or the conversation is busy and `whenBusy` is REJECT, or is STEER and the input has more than messages. LIMIT_EXCEEDED: the account has used up its dispatches of this minute; `retryAfterSeconds` says when to retry; or its stored bytes, or the messages do not fit into a log: no `retryAfterSeconds`. UNAVAILABLE: the store cannot be reached; retry with the same `channelId`.',
    args: {
      input: t.arg({
        type: DispatchConversationInput,
        required: true,
        description: 'The conversation, and how to complete it.',
      }),
    },
    resolve: async (_root, { input }, context, info): Promise<Payload> => {
      const { services, principal } = context
      const given = await permittedDispatch(services, principal, { input, path: ['input'] })
      const { channelToken } = input
      const { mint, run } = await dispatchFor(principal, input, async () => {
        const parsed = await services.readDispatch(principal.account, withTimezone(given, context), ['input'])
        const mint = channelToken == null ? null : channelTokenMint(services, channelToken, ['input', 'channelToken'])
        return { mint, run: await services.dispatchConversation(principal.account, parsed) }
      })
      return {
        dispatch: await dispatchAfter(context, runSnapshot(run), info),
        channelToken: mint === null ? null : await mint(run.key),
      }
    },
  }),
)

/** Fills in the time zone of the X-Timezone header, or of the connection, when the input names none. */
function withTimezone<Input extends { timezone?: string | null | undefined }>(input: Input, { timezone }: Context) {
  if (input.timezone != null || timezone === null) return input
  return { ...input, timezone: checkedTimezone(timezone) }
}
