import { asOurs, type BackchannelError, networkError } from './errors.ts'

type Awaitable<Type> = Type | PromiseLike<Type>

/**
 * An API key; a function that fetches a fresh token for everything; or one that fetches a fresh token for a channel. A
 * function is asked again when the server no longer takes what it gave, so a token may expire in mid-stream. When it
 * throws, it is asked again later, unless it throws a `BackchannelError`.
 */
export type Credentials =
  | string
  | (() => Awaitable<string>)
  | {
      /** Channels whose tokens differ cannot share a WebSocket. What belongs to no channel is sent without a token. */
      readonly forChannel: (channelId: string) => Awaitable<string>
    }

/** Names what shares a credential, and therefore a connection. */
export type Scope = string

/** The server refuses what has just been fetched: asking for another seldom helps. */
const longestRowOfRefusals = 3

export interface CredentialStore {
  scopeOf(channelId: string | null): Scope
  /** The value of `Authorization`, or null for none. Rejects with a `BackchannelError`. */
  header(scope: Scope): Promise<string | null>
  isFetching(scope: Scope): boolean
  accepted(scope: Scope): void
  /**
   * What to make of an error of a request that was sent with this header: where another credential may help, it has code
   * NETWORK, and the next `header` is another. Many requests may be refused for one credential; that counts once.
   */
  judge(error: BackchannelError, scope: Scope, header: string | null): BackchannelError
}

export function createCredentialStore(credentials: Credentials | undefined): CredentialStore {
  const fetching = new Map<Scope, Promise<string>>()
  const fetched = new Map<Scope, string>()
  const refusals = new Map<Scope, number>()

  const fetchOne = async (scope: Scope): Promise<string> => {
    try {
      const token =
        typeof credentials === 'string'
          ? credentials
          : await (typeof credentials === 'function' ? credentials() : credentials?.forChannel(scope))
      const header = `Bearer ${token}`
      fetched.set(scope, header)
      return header
    } catch (error) {
      fetching.delete(scope)
      throw asOurs(error, 'The credentials could not be fetched.')
    }
  }
  return {
    scopeOf: (channelId) => (typeof credentials === 'object' && channelId !== null ? channelId : ''),
    async header(scope) {
      if (credentials === undefined || (typeof credentials === 'object' && scope === '')) return null
      const header = fetching.get(scope) ?? fetchOne(scope)
      fetching.set(scope, header)
      return header
    },
    isFetching: (scope) => fetching.has(scope) && !fetched.has(scope),
    accepted: (scope) => void refusals.delete(scope),
    judge(error, scope, header) {
      if (error.code !== 'UNAUTHENTICATED' || typeof credentials === 'string' || header === null) return error
      if (fetched.get(scope) === header) {
        fetched.delete(scope)
        fetching.delete(scope)
        const row = (refusals.get(scope) ?? 0) + 1
        refusals.set(scope, row)
        if (row >= longestRowOfRefusals) return error
      }
      return networkError('The credential is not accepted.', error)
    },
  }
}
