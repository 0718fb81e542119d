import type { ChannelToken as DomainToken } from '../../../access/channel-token.ts'
import { type ChannelTokenInput as DomainInput, parseChannelTokenInput } from '../../../access/channel-token-input.ts'
import type { ChannelPermission as DomainPermission } from '../../../access/principal.ts'
import { Failure } from '../../../kernel/errors.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import type { Services } from '../../services.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'

const permissions: Record<Uppercase<DomainPermission>, { value: DomainPermission; description: string }> = {
  ANSWER: { value: 'answer', description: "submitFunctionResult, for calls of the channel's dispatch." },
  CANCEL: { value: 'cancel', description: "cancelDispatch, for the channel's dispatch." },
  PUBLISH: { value: 'publish', description: 'publishChannelMessage, to the channel.' },
}

const ChannelPermission = builder.enumType('ChannelPermission', {
  description:
    "What a channel token may do besides reading the channel. Reading shows what an end user may see: not backstories, instructions, context, or the bot's and contact's own fields.",
  values: permissions,
})

const allowDescription = 'Default: none; the token may read.'
const expiryDescription = 'How long it lasts, 1 to 2592000 (30 days). Default 3600.'

export const ChannelTokenInput = builder.inputType('ChannelTokenInput', {
  description: "A token for the dispatch's channel.",
  fields: (t) => ({
    allow: t.field({ type: [ChannelPermission], description: allowDescription }),
    expiresInSeconds: t.int({ description: expiryDescription }),
  }),
})

const CreateChannelTokenInput = builder.inputType('CreateChannelTokenInput', {
  description: 'A token for one channel.',
  fields: (t) => ({
    channelId: t.id({ required: true, description: 'The channel, which need not exist yet.' }),
    allow: t.field({ type: [ChannelPermission], description: allowDescription }),
    expiresInSeconds: t.int({ description: expiryDescription }),
  }),
})

export const ChannelToken = builder.objectRef<DomainToken>('ChannelToken').implement({
  description: 'A short-lived credential for one channel: safe to give to a browser.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'Used like an API key: `Authorization: Bearer <token>`, or in connection_init.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'From then on it opens nothing. Subscriptions end: a WebSocket is closed with 4403, an event stream without `complete`.',
      resolve: ({ expiresAt }) => new Date(expiresAt),
    }),
  }),
})

const CreateChannelTokenPayload = builder
  .objectRef<{ readonly channelToken: DomainToken }>('CreateChannelTokenPayload')
  .implement({
    description: 'A token that has been minted.',
    fields: (t) => ({
      channelToken: t.expose('channelToken', { type: ChannelToken, description: 'The token. It is not kept here.' }),
    }),
  })

builder.mutationField('createChannelToken', (t) =>
  t.field({
    type: CreateChannelTokenPayload,
    description:
      'Mints a token for one channel, for browsers and others who must not have an API key. Nothing is stored: it works until it expires or TOKEN_SECRET is replaced. Takes an API key; UNAVAILABLE on a server on Redis without TOKEN_SECRET.',
    args: { input: t.arg({ type: CreateChannelTokenInput, required: true, description: 'What it is to open.' }) },
    resolve: async (_root, { input }, { services, principal }) => {
      const channel = channelIdArgument(input.channelId, ['input', 'channelId'])
      const mint = channelTokenMint(services, input, ['input'])
      return { channelToken: await mint({ account: principal.account, channel }) }
    },
  }),
)

/** Checks everything now, so that whatever is done before the token is minted is not done for nothing. */
export function channelTokenMint(
  { channelTokens }: Services,
  input: unknown,
  path: readonly string[],
): (key: ChannelKey) => Promise<DomainToken> {
  const parsed: DomainInput = parseChannelTokenInput(input, path)
  if (channelTokens === null) {
    throw new Failure('UNAVAILABLE', 'This server has no TOKEN_SECRET, so it cannot mint channel tokens.')
  }
  return (key) => channelTokens.mint(key, parsed)
}
