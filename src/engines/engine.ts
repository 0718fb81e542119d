import type { ChannelReads } from '../channel/channel.ts'
import type { Config, Role } from '../config/config.ts'
import type { ConversationIndex, DispatchIndex } from '../dispatch/dispatch-index.ts'
import type { DispatchRate } from '../dispatch/limits/dispatch-rate.ts'
import type { ProviderLimit, ProviderLimits } from '../dispatch/limits/provider-limits.ts'
import type { LogLimits } from '../dispatch/limits/stored-bytes.ts'
import type { UsedToday } from '../dispatch/limits/used-today.ts'
import type { LineDueList, LineNews, Lines } from '../dispatch/line/line.ts'
import type { Transcripts } from '../dispatch/line/transcripts.ts'
import type { FollowingReads } from '../dispatch/live-view.ts'
import type { ResultChannels } from '../dispatch/result-channel.ts'
import type { RunStore } from '../dispatch/run-store.ts'
import type { DueList } from '../dispatch/schedule/due.ts'
import type { FairQueue, ShareOf } from '../dispatch/schedule/fair-queue.ts'
import type { Consumer, JobHandler, Queue } from '../dispatch/schedule/queue.ts'
import type { Standings } from '../dispatch/standing.ts'
import type { AccountId, ConversationKey } from '../kernel/ids.ts'
import type { Lifecycle } from '../kernel/lifecycle.ts'
import type { Backlog } from '../kernel/news.ts'
import type { RecordStore, ResourceStore } from '../store/store.ts'
import type { Deliveries } from '../webhooks/delivery.ts'
import type { WebhookStore } from '../webhooks/webhook.ts'

/**
 * One store behind all ports, seen by three kinds of caller: what one writes, the others read. They differ only in what a
 * caller meets while the store is away.
 */
export interface Engine {
  /** Fails with UNAVAILABLE: for requests that someone waits for, and for steps that are repeated anyway. */
  readonly requests: RequestView
  /** Waits until the store is back: for a worker, which has a run in hand. */
  readonly workers: WorkerView
  /** Waits until the store is back, and tells what is appended: for subscriptions. */
  readonly followers: FollowingReads & FollowingLines
  /** Gives the queue's jobs to a handler, in turn, up to `concurrency` at once. @param onTurn told how long each stood in line */
  consume(handle: JobHandler, concurrency: number, onTurn?: (waitedMs: number) => void): Consumer
  backlog(): Promise<Backlog>
  /** Rejects while the store cannot be used. */
  readiness(): Promise<unknown>
  /** For a deployment that configures none. Null: several processes can meet in this engine, and must be given the same. */
  readonly ownKeys: OwnKeys | null
}

/** They live as long as what they seal and sign. */
export interface OwnKeys {
  /** 32 bytes; seals stored secrets. */
  readonly sealing: Buffer
  /** 32 bytes; signs tokens. */
  readonly signing: Buffer
}

/** The reads of whoever watches a conversation. */
export interface FollowingLines {
  readonly lines: Pick<Lines, 'find'> & LineNews
  readonly transcripts: Pick<Transcripts, 'read'>
}

export interface RequestView {
  readonly log: ChannelReads
  readonly runs: RunStore
  readonly results: ResultChannels
  readonly due: DueList
  readonly lines: Lines
  readonly lineDue: LineDueList
  readonly transcripts: Transcripts
  readonly index: DispatchIndex
  /** The dispatches of a conversation. */
  readonly members: DispatchIndex<ConversationKey>
  readonly conversations: ConversationIndex
  readonly rate: DispatchRate
  readonly usedToday: UsedToday
  readonly standings: Standings
  readonly store: ResourceStore
  readonly records: RecordStore
  readonly queue: Queue
  readonly webhooks: WebhookStore
  readonly deliveries: Deliveries
}

export interface WorkerView {
  readonly runs: RunStore
  readonly fair: FairQueue
  readonly providerLimits: ProviderLimits
  readonly usedToday: UsedToday
  readonly store: ResourceStore
}

/** An entry of the registry in engines.ts. */
export interface EngineDefinition {
  /** As the start log names it. */
  readonly title: string
  keeps(config: Config): Kept
  /** Several processes can meet in it. */
  readonly isShared: boolean
  /** Null: the configuration does not select it. */
  select(config: Config): OpenEngine | null
}

export interface Kept {
  /** What the engine holds outlives this process: another one, or the next, goes on with its runs. */
  readonly isDurable: boolean
  /** Completes "Everything is kept in …", for anybody. */
  readonly where: string
  /** Its path, for whoever starts the process; null: it is no folder. */
  readonly folder: string | null
}

/** Registers with the lifecycle what has to be closed. */
export type OpenEngine = (options: EngineOptions) => Promise<Engine>

export interface EngineOptions {
  readonly config: Config
  readonly role: Role
  /** Of one log, in entries and payload bytes. */
  readonly logLimits: LogLimits
  /** Absent: all accounts have the same. */
  readonly shareOf?: ShareOf
  /** All that there are now. Absent: `local` alone. */
  readonly accounts?: () => readonly AccountId[]
  /** Absent: none. */
  readonly providerLimits?: readonly ProviderLimit[]
  readonly clock: () => number
  readonly lifecycle: Lifecycle
  /** Told of what mends itself, such as a lost connection. */
  readonly onError: (error: unknown) => void
}

/**
 * The event loop of a worker may be blocked for this many leases. Where other workers could go on with its runs, its leases
 * are renewed meanwhile; after that it has hung, and its runs go to others.
 */
export const blockedLeases = 4

/**
 * The lease of a place's job in the fair queue, as a multiple of a worker's. It is renewed once a worker's lease, by the event loop; a
 * take-over comes one and a half leases after the last sign of life that counts.
 */
export const turnLeases = blockedLeases + 3

/** The lease of a worker's places, as a multiple of the worker's: a worker that died counts for so long. */
export const placeLeases = 3
