import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Principal } from '../../access/principal.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { RestEnv } from './caller.ts'
import type { Refuse } from './refuse.ts'
import type { RestServices } from './rest-services.ts'

export interface RestOptions {
  readonly services: RestServices
  /** Who presents that `Authorization` header; throws UNAUTHENTICATED. */
  readonly authenticate: (authorization: string | undefined) => Promise<Principal>
  /** Calls back once when the principal's time is over, which only a channel token's is. The answer stops minding it. */
  readonly whenExpired: (principal: Principal, onExpired: () => void) => () => void
  /** Counts one more stream of the account's, until it calls what it answers; throws LIMIT_EXCEEDED. */
  readonly takeStream: (account: AccountId) => () => void
  /** Logs a defect whole and answers with the id to quote. */
  readonly reportDefect: (error: unknown) => string
  readonly maxBodyBytes: number
  /** A stream that has nothing to say says that it is alive so often; clients on Node give up after 300 s of silence. */
  readonly heartbeatMs: number
}

/** What endpoints work with. */
export interface Endpoints extends Pick<RestOptions, 'services' | 'heartbeatMs' | 'whenExpired' | 'takeStream'> {
  readonly api: OpenAPIHono<RestEnv>
  readonly refuse: Refuse
}
