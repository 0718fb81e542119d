import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Authenticator } from '../../access/authenticate.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { LoopTurns } from '../../kernel/loop-turns.ts'
import type { MaskError } from '../facade/mask-error.ts'
import type { Services } from '../services.ts'
import type { RestEnv } from './caller.ts'
import type { Refusal } from './refusal.ts'

/** The dependencies of the endpoints. */
export interface Endpoints {
  readonly api: OpenAPIHono<RestEnv>
  readonly services: Services
  readonly whenExpired: Authenticator['whenExpired']
  /** Counts one more open stream of the account; the returned function releases it. Throws LIMIT_EXCEEDED. */
  readonly takeStream: (account: AccountId) => () => void
  /** The account's turn of the event loop, for a large part of an answer. Undefined: at once. */
  readonly turn: LoopTurns['pass']
  readonly maskError: MaskError<Refusal>
  readonly heartbeatMs: number
}
