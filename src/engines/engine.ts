import type { ChannelReads } from '../channel/channel.ts'
import type { DispatchIndex } from '../dispatch/dispatch-index.ts'
import type { DispatchRate } from '../dispatch/limits/dispatch-rate.ts'
import type { RunPermits } from '../dispatch/limits/run-permits.ts'
import type { ResultChannels } from '../dispatch/result-channel.ts'
import type { RunStore } from '../dispatch/run-store.ts'
import type { DueList } from '../dispatch/schedule/due.ts'
import type { Consumer, JobHandler, Queue } from '../dispatch/schedule/queue.ts'
import type { FollowingReads } from '../dispatch/watch-snapshots.ts'
import type { Backlog } from '../kernel/news.ts'
import type { RecordStore, ResourceStore } from '../store/store.ts'

/** A store of one of the two kinds, behind the ports. */
export interface Engine {
  /** For requests that someone waits for: UNAVAILABLE while the store is away. */
  readonly log: ChannelReads
  readonly runs: RunStore
  /** For workers, which can wait. */
  readonly workerRuns: RunStore
  /** For subscriptions, which wait and go on. */
  readonly following: FollowingReads
  readonly results: ResultChannels
  readonly due: DueList
  readonly index: DispatchIndex
  readonly rate: DispatchRate
  readonly permits: RunPermits
  readonly store: ResourceStore
  readonly workerStore: ResourceStore
  readonly records: RecordStore
  readonly queue: Queue
  readonly backlog: () => Promise<Backlog>
  readonly consume: (handle: JobHandler) => Consumer
  readonly readiness: () => Promise<unknown>
  readonly onClosing: 'hand-over' | 'end'
}

/** A message may come a minute before its call; waiting calls are kept longer than the 30 days that any waits. */
export const answerLimits = { earlyMs: 60_000, waitSeconds: 31 * 24 * 3600 }

/** A slot's lease, as a multiple of a worker's: a take-over comes within one and a half. It is renewed once a worker's lease. */
export const permitLeases = 3

/** Of one log, in entries and payload bytes. */
export const logLimits = { maxEntries: 500_000, maxBytes: 64_000_000 }
