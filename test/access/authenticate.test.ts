import { type JWTPayload, SignJWT } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { createAuthenticator } from '../../src/access/authenticate.ts'
import { createTokens } from '../../src/access/token.ts'
import { limitsInput } from '../../src/conversation/input/limits-input.ts'
import { type AccountId, type ConversationId, localAccount, parseChannelId } from '../../src/kernel/ids.ts'

const acme = 'acme' as AccountId
const beta = 'beta' as AccountId
const keys = [
  { account: acme, secret: 'the-old-key-of-acme' },
  { account: beta, secret: 'the-only-key-of-beta' },
  { account: acme, secret: 'the-new-key-of-acme' },
]
const secret = Buffer.from('a secret of more than 32 characters')
const channel = parseChannelId('channel-of-this-test')
if (channel === null) throw new Error('no channel id')

let now = 1_763_900_000_500
const clock = () => now
const tokens = createTokens({ secret, clock })
const authenticator = createAuthenticator({ keys: () => keys, tokens, clock })
const open = createAuthenticator({ keys: () => [], tokens, clock })
const mint = async (account: AccountId, expiresInSeconds = 60) =>
  (await tokens.forChannel({ account, channel }, { allow: ['cancel', 'publish'], expiresInSeconds })).token

describe('an API key', () => {
  test.for([
    ['Bearer the-old-key-of-acme', acme],
    ['Bearer the-new-key-of-acme', acme],
    ['bearer   the-only-key-of-beta ', beta],
    ['the-only-key-of-beta', beta],
  ] as const)('%s opens its account', async ([credential, account]) => {
    expect(await authenticator.authenticate(credential)).toEqual({ account, grant: null })
  })

  test.for([
    [undefined, 'absent'],
    ['', 'absent'],
    ['Bearer', 'absent'],
    ['Bearer the-only-key-of-bet', 'unknown'],
    ['Bearer the-only-key-of-beta!', 'unknown'],
    ['Bearer THE-ONLY-KEY-OF-BETA', 'unknown'],
    ['Basic the-only-key-of-beta', 'unknown'],
    ['Bearer the-old-key-of-acme,the-only-key-of-beta', 'unknown'],
    [`Bearer ${'x'.repeat(1_000_000)}`, 'unknown'],
  ] as const)('%s opens none', async ([credential, outcome]) => {
    expect(await authenticator.identify(credential)).toEqual({ outcome })
    await expect(authenticator.authenticate(credential)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('without API keys', () => {
  test.for([undefined, 'Bearer anything', 'Basic dTpw'])('%s is the local account', async (credential) => {
    expect(await open.authenticate(credential)).toEqual({ account: localAccount, grant: null })
  })

  test('a channel token is limited to its channel and its lifetime', async () => {
    const token = await mint(localAccount)
    expect(await open.authenticate(token)).toMatchObject({ account: localAccount, grant: { channelId: channel } })
    now += 61_000
    expect(await open.identify(token)).toEqual({ outcome: 'expired' })
  })
})

describe('a channel token', () => {
  test('names its account, channel, permissions and expiry', async () => {
    const { token, expiresAt } = await tokens.forChannel(
      { account: beta, channel },
      { allow: ['publish', 'answer'], expiresInSeconds: 60 },
    )
    // A whole second, and not less than was asked for.
    expect(expiresAt).toBe(Math.ceil(now / 1000) * 1000 + 60_000)
    expect(await authenticator.authenticate(`Bearer ${token}`)).toEqual({
      account: beta,
      grant: { kind: 'channel', channelId: channel, allow: ['answer', 'publish'], expiresAt },
    })
  })

  test('expires at its second, and not before', async () => {
    const { token, expiresAt } = await tokens.forChannel({ account: beta, channel }, { allow: [], expiresInSeconds: 1 })
    now = expiresAt - 1
    expect(await authenticator.identify(token)).toMatchObject({ outcome: 'known' })
    now = expiresAt
    expect(await authenticator.identify(token)).toEqual({ outcome: 'expired' })
  })

  test('of an account without keys opens nothing', async () => {
    expect(await authenticator.identify(await mint('gone' as AccountId))).toEqual({ outcome: 'unknown' })
    expect(await open.identify(await mint(beta))).toEqual({ outcome: 'unknown' })
  })

  test('opens nothing on a server without channel tokens', async () => {
    const token = await mint(beta)
    const without = createAuthenticator({ keys: () => keys, tokens: null, clock })
    expect(await without.identify(token)).toEqual({ outcome: 'unknown' })
  })

  const claims = { account: beta, channel, allow: [] }
  const sign = (
    payload: Record<string, unknown>,
    { key = secret, alg = 'HS256', audience = 'backchannel:channel' } = {},
  ) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg })
      .setAudience(audience)
      .setExpirationTime(Math.ceil(now / 1000) + 60)
      .sign(key)
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  test('is known by its signature: the forger below signs as we do, with one thing wrong', async () => {
    expect(await authenticator.identify(await sign(claims))).toMatchObject({ outcome: 'known' })
  })
  test.for<[string, () => Promise<string>]>([
    ['signed with another secret', () => sign(claims, { key: Buffer.alloc(32, 1) })],
    ['signed with another algorithm', () => sign(claims, { alg: 'HS512' })],
    ['for another purpose', () => sign(claims, { audience: 'sessions' })],
    ['of a channel that cannot be', () => sign({ ...claims, channel: 'short' })],
    ['without an account', () => sign({ ...claims, account: 7 })],
    ['without permissions', () => sign({ account: beta, channel })],
    [
      'without an end',
      () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setAudience('backchannel:channel').sign(secret),
    ],
    [
      'unsigned',
      async () => `${base64({ alg: 'none' })}.${base64({ ...claims, aud: 'backchannel:channel', exp: 9e9 })}.`,
    ],
    [
      'with other claims under its signature',
      async () => {
        const [header, , signature] = (await mint(beta)).split('.')
        return `${header}.${base64({ ...claims, account: acme, aud: 'backchannel:channel', exp: 9e9 })}.${signature}`
      },
    ],
    ['of nonsense', async () => 'a.b.c'],
  ])('%s opens nothing', async ([, forge]) => {
    expect(await authenticator.identify(`Bearer ${await forge()}`)).toEqual({ outcome: 'unknown' })
  })

  test('that is forged and expired is not reported as expired', async () => {
    const token = await sign(claims, { key: Buffer.alloc(32, 1) })
    now += 3_600_000
    expect(await authenticator.identify(token)).toEqual({ outcome: 'unknown' })
  })
})

describe('a conversation token', () => {
  const conversation = 'a-conversation-of-this-test' as ConversationId
  const limits = limitsInput.parse({ iterations: 3 })
  const allow = ['cancel', 'dispatch'] as const
  const claims = { account: beta, conversation, allow, botId: 'bot', limits }
  const sign = (payload: JWTPayload, audience = 'backchannel:conversation') =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(audience)
      .setExpirationTime(Math.ceil(now / 1000) + 60)
      .sign(secret)
  const identify = async (payload: JWTPayload, audience?: string) =>
    authenticator.identify(`Bearer ${await sign(payload, audience)}`)

  test('names its account, conversation, permissions, bot, limits and expiry', async () => {
    const given = { allow, botId: 'bot', limits, expiresInSeconds: 60 }
    const { token, expiresAt } = await tokens.forConversation({ account: beta, conversation }, given)
    const grant = { kind: 'conversation', conversationId: conversation, allow: ['dispatch', 'cancel'], botId: 'bot' }
    expect(await authenticator.authenticate(`Bearer ${token}`)).toEqual({
      account: beta,
      grant: { ...grant, limits, expiresAt },
    })
  })

  test('is known by its claims: each below is this one with one thing wrong', async () => {
    expect(await identify(claims)).toMatchObject({ outcome: 'known' })
  })

  test.for<[string, JWTPayload, string?]>([
    ['with the claims of a channel token', { account: beta, channel, allow }],
    ['as a channel token', claims, 'backchannel:channel'],
    ['of a conversation that cannot be', { ...claims, conversation: 'short' }],
    ['without permissions', { ...claims, allow: 'dispatch' }],
    ['with a bot that is no text', { ...claims, botId: 7 }],
    ['without a word on the bot', { account: beta, conversation, allow, limits }],
    ['without limits', { account: beta, conversation, allow, botId: 'bot' }],
    ['with limits out of bounds', { ...claims, limits: { ...limits, calls: -1 } }],
    ['with a limit of a later release', { ...claims, limits: { ...limits, hours: 1 } }],
  ])('%s opens nothing', async ([, payload, audience]) => {
    expect(await identify(payload, audience)).toEqual({ outcome: 'unknown' })
  })
})

describe('the time of a principal', () => {
  test('of a key never ends; that of a token ends once, even beyond the range of a timer', async () => {
    vi.useFakeTimers({ now })
    const timed = createAuthenticator({ keys: () => keys, tokens, clock: () => Date.now() })
    const over: string[] = []
    const expiresAt = now + 30 * 24 * 3_600_000
    const grant = { kind: 'channel' as const, channelId: channel, allow: [], expiresAt }
    timed.whenExpired({ account: beta, grant: null }, () => over.push('key'))
    timed.whenExpired({ account: beta, grant }, () => over.push('token'))
    const forget = timed.whenExpired({ account: beta, grant }, () => over.push('forgotten'))
    await vi.advanceTimersByTimeAsync(expiresAt - now - 1)
    expect(over).toEqual([])
    forget()
    await vi.advanceTimersByTimeAsync(1)
    expect(over).toEqual(['token'])
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
})
