import { createSecretKey } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { type AccountId, type ChannelKey, parseChannelId } from '../kernel/ids.ts'
import { type ChannelPermission, channelPermissions, type Principal } from './principal.ts'

export interface MintInput {
  readonly allow: readonly ChannelPermission[]
  readonly expiresInSeconds: number
}

export interface ChannelToken {
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
 * Signed credentials for one channel. Nothing about them is stored, so each works until it expires or the secret is
 * replaced.
 */
export interface ChannelTokens {
  mint(key: ChannelKey, input: MintInput): Promise<ChannelToken>
  /** Never throws. */
  read(token: string): Promise<TokenReading>
}

export interface ChannelTokenOptions {
  /** At least 32 bytes. All processes of a server share it. */
  readonly secret: Uint8Array
  readonly clock: () => number
}

/** Separates these tokens from others signed with the same secret. */
const audience = 'backchannel:channel'

export function createChannelTokens({ secret, clock }: ChannelTokenOptions): ChannelTokens {
  const key = createSecretKey(secret)
  return {
    async mint({ account, channel }, { allow, expiresInSeconds }) {
      const expires = Math.ceil(clock() / 1000) + expiresInSeconds
      const token = await new SignJWT({ account, channel, allow })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setAudience(audience)
        .setExpirationTime(expires)
        .sign(key)
      return { token, expiresAt: expires * 1000 }
    },

    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          audience,
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
function principalOf({ account, channel, allow, exp }: JWTPayload): Principal | null {
  if (typeof account !== 'string' || typeof channel !== 'string' || !Array.isArray(allow)) return null
  const channelId = parseChannelId(channel)
  if (channelId === null || exp === undefined) return null
  const grant = {
    channelId,
    allow: channelPermissions.filter((permission) => allow.includes(permission)),
    expiresAt: exp * 1000,
  }
  return { account: account as AccountId, grant }
}

/** Whether a credential has the form of a token: three parts of base64url. */
export function hasTokenForm(credential: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(credential)
}
