import type { Principal } from '../../access/principal.ts'
import type { LoopTurns } from '../../kernel/loop-turns.ts'
import type { Services } from '../services.ts'
import type { Reads } from './reads.ts'
import type { SendDirectly } from './transport/socket/direct-events.ts'

/** The context of one operation. */
export interface Context {
  /** Their reads go through `reads`. */
  readonly services: Services
  readonly reads: Reads
  readonly loopTurns: LoopTurns
  readonly principal: Principal
  /** The X-Timezone header of the request, or of connection_init; not validated. */
  readonly timezone: string | null
  /** Set where a subscription can be sent what is published without pulling it. */
  readonly sendDirectly?: SendDirectly
}
