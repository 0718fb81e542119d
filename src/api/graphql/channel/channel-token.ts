import type { ChannelPermission as DomainPermission, Grant } from '../../../access/principal.ts'
import type { SignedToken } from '../../../access/token.ts'
import { type ChannelTokenInput as DomainInput, parseChannelTokenInput } from '../../../access/token-input.ts'
import { Failure } from '../../../kernel/errors.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import type { Services } from '../../services.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'

const permissions: Record<Uppercase<DomainPermission>, { value: DomainPermission; description: string }> = {
  ANSWER: { value: 'answer', description: 'Allows `submitFunctionResult` for calls of the dispatch on the channel.' },
  CANCEL: { value: 'cancel', description: 'Allows `cancelDispatch` for the dispatch on the channel.' },
  PUBLISH: { value: 'publish', description: 'Allows `publishChannelMessage` on the channel.' },
}

const ChannelPermission = builder.enumType('ChannelPermission', {
  description:
    'What a channel token may do besides reading the channel. Reading shows what an end user may see: no backstories, instructions or context, and no fields of the bot or the contact.',
  values: permissions,
})

export const allowDescription = 'What the token may do besides reading. Default: nothing.'
export const expiryDescription =
  'How long the token is valid, 1 to 2,592,000 seconds (30 days). Default: 3600 (one hour).'

export const ChannelTokenInput = builder.inputType('ChannelTokenInput', {
  description: 'A token for the channel of the dispatch.',
  fields: (t) => ({
    allow: t.field({ type: [ChannelPermission], description: allowDescription }),
    expiresInSeconds: t.int({ description: expiryDescription }),
  }),
})

const CreateChannelTokenInput = builder.inputType('CreateChannelTokenInput', {
  description: 'A token for one channel.',
  fields: (t) => ({
    channelId: t.id({
      required: true,
      description: 'The channel that the token opens: 16 to 128 of A-Z a-z 0-9 _ -. It need not exist yet.',
    }),
    allow: t.field({ type: [ChannelPermission], description: allowDescription }),
    expiresInSeconds: t.int({ description: expiryDescription }),
  }),
})

export const ChannelToken = builder.objectRef<SignedToken>('ChannelToken').implement({
  description: 'A short-lived credential for one channel or one conversation, safe to give to a browser.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        'The token. Send it like an API key: `Authorization: Bearer <token>`, as a header or in the payload of `connection_init`.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'When the token expires. Requests are UNAUTHENTICATED from then on, and subscriptions end: a WebSocket closes with 4403, an event stream ends without `complete`. Reconnect with a fresh token.',
      resolve: ({ expiresAt }) => new Date(expiresAt),
    }),
  }),
})

const CreateChannelTokenPayload = builder
  .objectRef<{ readonly channelToken: SignedToken }>('CreateChannelTokenPayload')
  .implement({
    description: 'The result of createChannelToken.',
    fields: (t) => ({
      channelToken: t.expose('channelToken', {
        type: ChannelToken,
        description: 'The token. The server does not store it.',
      }),
    }),
  })

builder.mutationField('createChannelToken', (t) =>
  t.field({
    type: CreateChannelTokenPayload,
    description:
      'Mints a token for one channel, for browsers and other clients that must not have an API key. Nothing is stored, so a single token cannot be revoked: it works until it expires or the server gets another TOKEN_SECRET. FORBIDDEN for tokens. UNAVAILABLE on a server that uses Redis and has no TOKEN_SECRET.',
    args: {
      input: t.arg({
        type: CreateChannelTokenInput,
        required: true,
        description: 'The channel, the permissions and the lifetime.',
      }),
    },
    resolve: async (_root, { input }, { services, principal }) => {
      const channel = channelIdArgument(input.channelId, ['input', 'channelId'])
      const mint = channelTokenMint(services, input, ['input'])
      return { channelToken: await mint({ account: principal.account, channel }) }
    },
  }),
)

/** Checks the input now and returns the function that mints. So a bad input fails before the caller has changed anything. */
export function channelTokenMint(
  services: Services,
  input: unknown,
  path: readonly string[],
): (key: ChannelKey) => Promise<SignedToken> {
  const parsed: DomainInput = parseChannelTokenInput(input, path)
  const tokens = mintsOf(services, 'channel')
  return (key) => tokens.forChannel(key, parsed)
}

/** What mints. UNAVAILABLE on a server without a secret to sign with. */
export function mintsOf({ tokens }: Services, kind: Grant['kind']): NonNullable<Services['tokens']> {
  if (tokens !== null) return tokens
  throw new Failure('UNAVAILABLE', `This server has no TOKEN_SECRET, so it cannot mint ${kind} tokens.`)
}
