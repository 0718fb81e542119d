import { createHash, timingSafeEqual } from 'node:crypto'
import { type ChannelTokens, hasTokenForm } from '../channel-token.ts'
import { Failure } from '../errors.ts'
import { type AccountId, localAccount } from '../ids.ts'
import type { Principal } from '../principal.ts'

export interface ApiKey {
  readonly account: AccountId
  readonly secret: string
}

export interface AuthenticatorOptions {
  /** None: only loopback is listened on, and everyone who gets in is the one local account. */
  readonly keys: readonly ApiKey[]
  /** Null: there are no channel tokens. */
  readonly tokens: Pick<ChannelTokens, 'read'> | null
}

export type Identity =
  | { readonly outcome: 'known'; readonly principal: Principal }
  /** `expired`: a channel token of ours whose time is over. */
  | { readonly outcome: 'expired' | 'unknown' | 'absent' }

export interface Authenticator {
  /** Who presents this credential: an `Authorization` header's value, with or without `Bearer `. */
  identify(authorization: string | undefined): Promise<Identity>
  /** The same, but throws UNAUTHENTICATED unless it is known. */
  authenticate(authorization: string | undefined): Promise<Principal>
}

/** Beyond it nothing is a credential; hashing megabytes for strangers would be work for free. */
const maxCredentialLength = 8192

const refusals: Record<Exclude<Identity['outcome'], 'known'>, string> = {
  absent: 'This server takes API keys: send one as `Authorization: Bearer <key>`, or in connection_init on a WebSocket.',
  unknown: 'The credential is not valid.',
  expired: 'The channel token has expired.',
}

export function createAuthenticator({ keys, tokens }: AuthenticatorOptions): Authenticator {
  const known = keys.map(({ account, secret }) => ({ account, hash: hashOf(secret) }))
  const accounts = new Set<AccountId>(keys.length === 0 ? [localAccount] : keys.map(({ account }) => account))

  /** Looks at every key whatever it finds, so that the time says nothing about them. */
  function accountOf(credential: string): AccountId | null {
    const hash = hashOf(credential)
    let found: AccountId | null = null
    for (const each of known) if (timingSafeEqual(hash, each.hash)) found = each.account
    return found
  }

  async function identify(authorization: string | undefined): Promise<Identity> {
    const credential = authorization === undefined ? '' : credentialOf(authorization)
    if (credential.length > maxCredentialLength) return { outcome: 'unknown' }
    const account = credential === '' ? null : accountOf(credential)
    if (account !== null) return { outcome: 'known', principal: { account, grant: null } }
    // A token is judged without keys too: when it has expired its holder must not be let in as more than it was.
    if (hasTokenForm(credential)) {
      const reading = (await tokens?.read(credential)) ?? { outcome: 'unknown' }
      if (reading.outcome !== 'valid') return reading
      // The account may have lost its last key since.
      const isServed = accounts.has(reading.principal.account)
      return isServed ? { outcome: 'known', principal: reading.principal } : { outcome: 'unknown' }
    }
    if (keys.length === 0) return { outcome: 'known', principal: { account: localAccount, grant: null } }
    return { outcome: credential === '' ? 'absent' : 'unknown' }
  }

  return {
    identify,
    async authenticate(authorization) {
      const identity = await identify(authorization)
      if (identity.outcome === 'known') return identity.principal
      throw new Failure('UNAUTHENTICATED', refusals[identity.outcome])
    },
  }
}

function credentialOf(authorization: string): string {
  return authorization.trim().replace(/^bearer(\s+|$)/i, '')
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
