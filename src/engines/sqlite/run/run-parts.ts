import type { LogLimits } from '../../../dispatch/limits/stored-bytes.ts'
import type { Channels } from '../channel/channels.ts'
import type { Logs } from '../channel/log.ts'
import type { Ledger } from '../limits/ledger.ts'
import type { UsedTodayRows } from '../limits/used-today.ts'
import type { Telling } from '../webhook/tell.ts'
import type { Pending } from './pending.ts'
import type { Retention } from './retention.ts'
import type { Transcripts } from './transcripts.ts'

/** What the run store is built on. */
export interface RunStoreParts {
  readonly logs: Logs
  readonly channels: Channels
  readonly transcripts: Transcripts
  readonly ledger: Ledger
  readonly usedToday: UsedTodayRows
  readonly retention: Retention
  readonly pending: Pending
  readonly telling: Telling
  readonly clock: () => number
  readonly limits: LogLimits
}
