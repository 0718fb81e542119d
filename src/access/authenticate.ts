import { createHash, timingSafeEqual } from 'node:crypto'
import { Failure } from '../kernel/errors.ts'
import { type AccountId, localAccount } from '../kernel/ids.ts'
import type { ApiKey, Principal } from './principal.ts'
import { hasTokenForm, type Tokens } from './token.ts'

export interface AuthenticatorOptions {
  /** They may change. Empty at the start: the server listens on loopback only, and every caller is the one local account. */
  readonly keys: () => readonly ApiKey[]
  /** Null: the server has no tokens. */
  readonly tokens: Pick<Tokens, 'read'> | null
  readonly clock: () => number
}

export type Identity =
  | { readonly outcome: 'known'; readonly principal: Principal }
  /** `expired`: one of our tokens, after its expiry. */
  | { readonly outcome: 'expired' | 'unknown' | 'absent' }

export interface Authenticator {
  /** True: there are no keys, so everyone who reaches the port may act. */
  readonly isOpen: boolean
  /** Identifies a credential: the value of an `Authorization` header, with or without `Bearer `. */
  identify(authorization: string | undefined): Promise<Identity>
  /** Like `identify`, but throws UNAUTHENTICATED unless the credential is known. */
  authenticate(authorization: string | undefined): Promise<Principal>
  /** Calls back once when the principal expires; a key never does. The returned function cancels the callback. */
  whenExpired(principal: Principal, onExpired: () => void): () => void
}

/** Longer texts are never credentials; hashing megabytes for strangers would be free work for them. */
const maxCredentialLength = 8192
/** The longest delay of a Node timer. A longer one fires at once. */
const longestTimerMs = 2 ** 31 - 1

export const refusals: Record<Exclude<Identity['outcome'], 'known'>, string> = {
  absent: 'This server takes API keys: send one as `Authorization: Bearer <key>`; on a WebSocket in connection_init.',
  unknown: 'The credential is not valid.',
  expired: 'The token has expired.',
}

export function createAuthenticator({ keys, tokens, clock }: AuthenticatorOptions): Authenticator {
  const isOpen = keys().length === 0
  const read = (of: readonly ApiKey[]) => ({
    of,
    known: of.map(({ account, secret }) => ({ account, hash: hashOf(secret) })),
    accounts: new Set<AccountId>(isOpen ? [localAccount] : of.map(({ account }) => account)),
  })
  let latest = read(keys())
  const now = () => {
    const of = keys()
    if (of !== latest.of) latest = read(of)
    return latest
  }

  /** Compares with every key, so that the time taken reveals nothing about them. */
  function accountOf(credential: string): AccountId | null {
    const hash = hashOf(credential)
    let found: AccountId | null = null
    for (const each of now().known) if (timingSafeEqual(hash, each.hash)) found = each.account
    return found
  }

  async function identify(authorization: string | undefined): Promise<Identity> {
    const credential = (authorization ?? '').trim().replace(/^bearer(\s+|$)/i, '')
    if (credential.length > maxCredentialLength) return { outcome: 'unknown' }
    const account = isOpen ? null : accountOf(credential)
    if (account !== null) return { outcome: 'known', principal: { account, grant: null } }
    // Checked even without keys: an expired token must not grant more than the token did.
    if (hasTokenForm(credential)) {
      const reading = (await tokens?.read(credential)) ?? { outcome: 'unknown' }
      if (reading.outcome !== 'valid') return reading
      // The account may have lost its last key after the token was minted.
      const isServed = now().accounts.has(reading.principal.account)
      return isServed ? { outcome: 'known', principal: reading.principal } : { outcome: 'unknown' }
    }
    if (isOpen) return { outcome: 'known', principal: { account: localAccount, grant: null } }
    return { outcome: credential === '' ? 'absent' : 'unknown' }
  }

  return {
    isOpen,
    identify,
    async authenticate(authorization) {
      const identity = await identify(authorization)
      if (identity.outcome === 'known') return identity.principal
      throw new Failure('UNAUTHENTICATED', refusals[identity.outcome])
    },
    whenExpired({ grant }, onExpired) {
      if (grant === null) return () => {}
      let timer: NodeJS.Timeout
      const wait = () => {
        const ms = grant.expiresAt - clock()
        if (ms > 0) timer = setTimeout(wait, Math.min(ms, longestTimerMs))
        else onExpired()
      }
      timer = setTimeout(wait, 0)
      return () => clearTimeout(timer)
    },
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
