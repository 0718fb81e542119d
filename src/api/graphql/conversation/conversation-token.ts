import type { ConversationPermission as DomainPermission } from '../../../access/principal.ts'
import type { SignedToken } from '../../../access/token.ts'
import { parseConversationTokenInput } from '../../../access/token-input.ts'
import { Failure } from '../../../kernel/errors.ts'
import { builder } from '../builder.ts'
import { allowDescription, ChannelToken, expiryDescription, mintsOf } from '../channel/channel-token.ts'
import { LimitsInput } from '../dispatch/limits.ts'
import { conversationIdArgument } from '../failure.ts'

const permissions: Record<Uppercase<DomainPermission>, { value: DomainPermission; description: string }> = {
  DISPATCH: {
    value: 'dispatch',
    description:
      'Allows `dispatchConversation` into the conversation, as the bot of the token and within its limits: messages of type USER, answers to calls that a dispatch has left to its caller (messages of type ACTIVITY with the id of the call), and attachments; with `channelId`, `continuesUpTo`, `timezone` and `whenBusy`. FORBIDDEN names every other field.',
  },
  ANSWER: {
    value: 'answer',
    description: 'Allows `submitFunctionResult` for calls of the dispatches of the conversation.',
  },
  CANCEL: {
    value: 'cancel',
    description:
      'Allows `cancelDispatch` for the dispatches of the conversation; with DISPATCH also INTERRUPT and ROLLBACK as `whenBusy`.',
  },
  PUBLISH: {
    value: 'publish',
    description: 'Allows `publishChannelMessage` on the channels of the dispatches of the conversation.',
  },
}

const ConversationPermission = builder.enumType('ConversationPermission', {
  description:
    'What a conversation token may do besides reading the conversation and watching the channels of its dispatches. Reading shows what an end user may see: no backstories, instructions or context, and no fields of the bot or the contact.',
  values: permissions,
})

const CreateConversationTokenInput = builder.inputType('CreateConversationTokenInput', {
  description: 'A token for one conversation.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description: 'The conversation that the token opens: 16 to 128 of A-Z a-z 0-9 _ -. It need not exist yet.',
    }),
    allow: t.field({ type: [ConversationPermission], description: allowDescription }),
    botId: t.id({
      description:
        'The bot that answers. Required with DISPATCH, and only with it. NOT_FOUND when the account has no such bot.',
    }),
    limits: t.field({
      type: LimitsInput,
      description:
        'The limits of each dispatch that the token makes. Only with DISPATCH. For the defaults see LimitsInput.',
    }),
    expiresInSeconds: t.int({ description: expiryDescription }),
  }),
})

const CreateConversationTokenPayload = builder
  .objectRef<{ readonly conversationToken: SignedToken }>('CreateConversationTokenPayload')
  .implement({
    description: 'The result of createConversationToken.',
    fields: (t) => ({
      conversationToken: t.expose('conversationToken', {
        type: ChannelToken,
        description: 'The token. The server does not store it.',
      }),
    }),
  })

builder.mutationField('createConversationToken', (t) =>
  t.field({
    type: CreateConversationTokenPayload,
    description:
      'Mints a token for one conversation, for browsers that chat and do nothing else. Nothing is stored, so a single token cannot be revoked: it works until it expires or the server gets another TOKEN_SECRET. FORBIDDEN for tokens. UNAVAILABLE on a server that uses Redis and has no TOKEN_SECRET.',
    args: {
      input: t.arg({
        type: CreateConversationTokenInput,
        required: true,
        description: 'The conversation, the permissions, who answers, and the lifetime.',
      }),
    },
    resolve: async (_root, { input }, { services, principal: { account } }) => {
      const { conversationId, ...given } = input
      const conversation = conversationIdArgument(conversationId, ['input', 'conversationId'])
      const { botId, ...parsed } = parseConversationTokenInput(given, ['input'])
      const tokens = mintsOf(services, 'conversation')
      if (botId !== null && (await services.resources.bots.find(account, botId)) === null) throw noSuchBot()
      return { conversationToken: await tokens.forConversation({ account, conversation }, { ...parsed, botId }) }
    },
  }),
)

function noSuchBot(): Failure {
  const message = 'there is no bot by that id'
  return new Failure('NOT_FOUND', `input.botId: ${message}`, { issues: [{ path: ['input', 'botId'], message }] })
}
