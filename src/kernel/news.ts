import type { FailureCode, OutcomeCode } from './errors.ts'
import type { Outcome } from './helpers/helper.ts'
import type { ChannelKey } from './ids.ts'

/** What happens to runs, for logs and metrics. Contains nothing that was said. */
export type RunNews =
  | { readonly type: 'dispatched'; readonly key: ChannelKey; readonly model: string }
  /** The same dispatch sent again, or a different one for the same channel, which is refused. */
  | { readonly type: 'dispatched-again'; readonly key: ChannelKey; readonly outcome: 'exists' | 'conflict' }
  | {
      readonly type: 'started'
      readonly key: ChannelKey
      readonly attempt: number
      readonly how: 'first' | 'resumed' | 'taken-over'
      /** Time since the dispatch, including a requested delay. */
      readonly waitedMs: number
    }
  | {
      readonly type: 'iterated'
      readonly key: ChannelKey
      readonly model: string
      readonly durationMs: number
      /** In the unit of MODEL_PRICES; null: the price is not known. */
      readonly cost: number | null
    }
  | { readonly type: 'parked'; readonly key: ChannelKey; readonly calls: number }
  /** A limit has paused the run. */
  | { readonly type: 'paused'; readonly key: ChannelKey; readonly limit: 'iterations' | 'calls' | 'tokens' | 'cost' }
  /** Limits of a run were set anew, by a caller or because it had been paused for too long. */
  | {
      readonly type: 'raised'
      readonly key: ChannelKey
      readonly by: 'caller' | 'deadline'
      readonly outcome: 'raised' | 'early' | 'full' | 'ended'
    }
  | {
      readonly type: 'answered'
      readonly key: ChannelKey
      readonly callId: string
      readonly by: 'submit' | 'channel' | 'deadline'
      readonly outcome: string
      /** True: the run was parked and resumes with this answer. */
      readonly wakes: boolean
    }
  | { readonly type: 'handed-back'; readonly key: ChannelKey }
  /** A try of a model call failed. `waitMs`: until the next one; null: it was the last. Null for what is not known. */
  | {
      readonly type: 'model-failed'
      readonly key: ChannelKey
      readonly provider: string
      readonly host: string | null
      readonly status: number | null
      /** The system's code, such as ECONNREFUSED. */
      readonly code: string | null
      /** From 1, within an iteration. */
      readonly attempt: number
      readonly waitMs: number | null
    }
  /** The append was refused, because another worker holds the run or it has ended. */
  | { readonly type: 'append-refused'; readonly key: ChannelKey; readonly outcome: 'fenced' | 'ended' }
  | {
      readonly type: 'ended'
      readonly key: ChannelKey
      readonly outcome: 'completed' | 'failed' | 'cancelled'
      /** The code of the failure; null otherwise. */
      readonly code: OutcomeCode | null
      /** Time since the dispatch. */
      readonly durationMs: number
      readonly iterations: number
      readonly calls: number
    }

/** Frequent news that is counted but not logged. */
export type TrafficNews =
  /** A worker of this process has taken a run, or is done with it. */
  | { readonly type: 'run-taken' }
  | { readonly type: 'run-left' }
  /** A worker of this process has taken a job, which stood in line for so long. */
  | { readonly type: 'turn-taken'; readonly waitedMs: number }
  /** An HTTP response has ended, or an operation on a WebSocket has begun; then `status` is 101. */
  | { readonly type: 'requested'; readonly status: number }
  /** The process is about to answer these operations. */
  | { readonly type: 'serving'; readonly operations: readonly string[] }
  /** An operation of an API has its answer, or a subscription or stream has begun. `code`: of its first error. */
  | { readonly type: 'operated'; readonly operation: string; readonly code: FailureCode | null }
  | { readonly type: 'client-came' }
  | { readonly type: 'client-went' }
  | { readonly type: 'appended'; readonly events: number }
  | { readonly type: 'reader-came' }
  | { readonly type: 'reader-went' }
  | { readonly type: 'delivered'; readonly events: number }
  /** The log was read for a reader: at the start, or because the live events had a gap. */
  | { readonly type: 'replayed'; readonly why: 'start' | 'gap' }
  | { readonly type: 'first-token'; readonly model: string; readonly ms: number }
  | {
      readonly type: 'model-called'
      readonly model: string
      readonly outcome: 'finished' | 'failed' | 'aborted'
      readonly durationMs: number
      readonly tokens: ModelTokens
    }
  | { readonly type: 'ability-called'; readonly outcome: string; readonly durationMs: number }
  /** An endpoint was told something, or was to be. `retried`: it failed, and is sent again later. `given-up`: it failed for good. */
  | { readonly type: 'webhook-attempted'; readonly outcome: 'delivered' | 'retried' | 'given-up' }
  /** A timer came so much later than it should have. */
  | { readonly type: 'loop-delayed'; readonly ms: number; readonly busyMs: number }
  /** A helper process did a job, or was ended over it. */
  | { readonly type: 'job-done'; readonly job: string; readonly outcome: Outcome['kind']; readonly durationMs: number }

export interface ModelTokens {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

export type News = RunNews | TrafficNews
export type Tell = (news: News) => void

export interface Parked {
  /** For answers to calls. */
  readonly waiting: number
  /** By a limit, until it is raised. */
  readonly paused: number
}

/** The jobs that wait for their turn. `oldestMs`: how long the first one has waited; null if none waits. */
export interface Backlog {
  readonly waiting: number
  /** Jobs that workers have in hand, in all processes. */
  readonly running: number
  /** Runs that the sweep will look at: all that have not ended, and ended ones until that look. */
  readonly due: number
  /** Runs that no worker has in hand until somebody else does something. */
  readonly parked: Parked
  readonly oldestMs: number | null
  /** Of the waiting jobs those whose provider's limits are used up, by provider. */
  readonly waitingForLimits: Readonly<Record<string, number>>
  /** Runs that all workers that are up can have in hand. Absent: this engine has no other worker than this process. */
  readonly places?: number
}
