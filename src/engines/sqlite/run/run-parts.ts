import type { Usage } from '../../../conversation/usage.ts'
import type { LogLimits } from '../../../dispatch/limits/stored-bytes.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Channels } from '../channel/channels.ts'
import type { Logs } from '../channel/log.ts'
import type { Ledger } from '../limits/ledger.ts'
import type { RecentRows } from '../standing/recent.ts'
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
  /** Part of a command: counts what a run's usage grows by, where it is stored. */
  readonly countUsage: (account: AccountId, before: Usage, after: Usage) => void
  readonly recent: Pick<RecentRows, 'countFailure'>
  readonly retention: Retention
  readonly pending: Pending
  readonly telling: Telling
  readonly clock: () => number
  readonly limits: LogLimits
}
