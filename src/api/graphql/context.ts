import type { Principal } from '../../access/principal.ts'
import type { Services } from '../services.ts'

/** One operation's context. */
export interface Context {
  readonly services: Services
  readonly principal: Principal
  /** What the client's X-Timezone header says, or its connection_init; not checked yet. */
  readonly timezone: string | null
}
