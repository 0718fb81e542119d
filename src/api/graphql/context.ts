import type { Principal } from '../../access/principal.ts'
import type { Services } from '../services.ts'

/** The context of one operation. */
export interface Context {
  readonly services: Services
  readonly principal: Principal
  /** The X-Timezone header of the request, or of connection_init; not validated. */
  readonly timezone: string | null
}
