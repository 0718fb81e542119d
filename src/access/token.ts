import { createSecretKey } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import {
  type AccountId,
  type ChannelKey,
  type ConversationKey,
  parseChannelId,
  parseConversationId,
} from '../kernel/ids.ts'
import {
  type ChannelGrant,
  type ConversationGrant,
  channelPermissions,
  conversationPermissions,
  type Grant,
  type Principal,
} from './principal.ts'
import { readLimits } from './token-input.ts'

interface Lifetime {
  readonly expiresInSeconds: number
}

export interface SignedToken {
  readonly token: string
  /** In ms since 1970, rounded up to a whole second. */
  readonly expiresAt: number
}

export type TokenReading =
  | { readonly outcome: 'valid'; readonly principal: Principal }
  /** A token of ours that has expired. Its holder must fetch a new one. */
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'unknown' }

/**
 * Signed credentials for one channel or one conversation. Nothing about them is stored, so each works until it expires or the
 * secret is replaced.
 */
export interface Tokens {
  forChannel(key: ChannelKey, input: Pick<ChannelGrant, 'allow'> & Lifetime): Promise<SignedToken>
  forConversation(
    key: ConversationKey,
    input: Pick<ConversationGrant, 'allow' | 'botId' | 'limits'> & Lifetime,
  ): Promise<SignedToken>
  /** Never throws. */
  read(token: string): Promise<TokenReading>
}

export interface TokenOptions {
  /** At least 32 bytes. All processes of a server share it. */
  readonly secret: Uint8Array
  readonly clock: () => number
}

/** Separates these tokens from each other, and from others signed with the same secret. */
const audiences = { channel: 'backchannel:channel', conversation: 'backchannel:conversation' } as const

export function createTokens({ secret, clock }: TokenOptions): Tokens {
  const key = createSecretKey(secret)
  const sign = async (kind: Grant['kind'], claims: JWTPayload, { expiresInSeconds }: Lifetime) => {
    const expires = Math.ceil(clock() / 1000) + expiresInSeconds
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setAudience(audiences[kind])
      .setExpirationTime(expires)
      .sign(key)
    return { token, expiresAt: expires * 1000 }
  }
  return {
    forChannel: ({ account, channel }, { allow, ...lifetime }) =>
      sign('channel', { account, channel, allow }, lifetime),
    forConversation: ({ account, conversation }, { allow, botId, limits, ...lifetime }) =>
      sign('conversation', { account, conversation, allow, botId, limits }, lifetime),

    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          audience: Object.values(audiences),
          currentDate: new Date(clock()),
        })
        const principal = principalOf(payload)
        return principal === null ? { outcome: 'unknown' } : { outcome: 'valid', principal }
      } catch (error) {
        // jose checks the expiry after the signature, so only our own tokens are reported as expired.
        if (error instanceof errors.JWTExpired) return { outcome: 'expired' }
        return { outcome: 'unknown' }
      }
    },
  }
}

/** Null for claims that we never sign; another program may use the same secret. */
function principalOf({ account, aud, exp, ...claims }: JWTPayload): Principal | null {
  if (typeof account !== 'string' || exp === undefined) return null
  const read = aud === audiences.channel ? channelGrant : aud === audiences.conversation ? conversationGrant : null
  const grant = read?.(claims, exp * 1000) ?? null
  return grant === null ? null : { account: account as AccountId, grant }
}

function channelGrant({ channel, allow }: JWTPayload, expiresAt: number): ChannelGrant | null {
  const channelId = typeof channel === 'string' ? parseChannelId(channel) : null
  if (channelId === null || !Array.isArray(allow)) return null
  return { kind: 'channel', channelId, allow: channelPermissions.filter((name) => allow.includes(name)), expiresAt }
}

function conversationGrant(claims: JWTPayload, expiresAt: number): ConversationGrant | null {
  const { conversation, allow, botId } = claims
  const conversationId = typeof conversation === 'string' ? parseConversationId(conversation) : null
  const limits = readLimits(claims['limits'])
  if (conversationId === null || limits === null || !Array.isArray(allow)) return null
  if (typeof botId !== 'string' && botId !== null) return null
  return {
    kind: 'conversation',
    conversationId,
    allow: conversationPermissions.filter((name) => allow.includes(name)),
    botId,
    limits,
    expiresAt,
  }
}

/** Whether a credential has the form of a token: three parts of base64url. */
export function hasTokenForm(credential: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(credential)
}
