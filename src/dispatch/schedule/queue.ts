import type { ChannelKey } from '../../kernel/ids.ts'
import type { Run } from '../run.ts'

/** Work that is ready. `wake` says which of a run's jobs this is, so that an outdated one can be told from the current one. */
export interface Job {
  readonly key: ChannelKey
  readonly wake: number
  /** Of the account's jobs the one of the highest priority is begun first. Absent: 0. */
  readonly priority?: number
  /** Whose limits its model calls meet: while they are used up, it does not stand in the way of jobs of others. Absent: nobody's. */
  readonly provider?: string
  /** Its place in the line is that of this time, in ms since 1970. Absent: that of its arrival. */
  readonly since?: number
  /** The trace of whoever queued it. */
  readonly traceparent?: string
}

/** The job of a queued or running run. */
export function jobOf({ key, wake, priority, model }: Pick<Run, 'key' | 'wake' | 'priority' | 'model'>): Job {
  // A model that is its own provider, such as the demo, meets no limits.
  const provider = /^([^:/]+):/.exec(model)?.[1]
  return { key, wake, ...(priority !== 0 && { priority }), ...(provider !== undefined && { provider }) }
}

/** The W3C trace context of the use case that is at work; undefined when nobody traces. */
export type Traceparent = () => string | undefined

/** For what carries a trace context: absent when nobody traces. */
export function traced(traceparent: Traceparent): { readonly traceparent?: string } {
  const context = traceparent()
  return context === undefined ? {} : { traceparent: context }
}

export interface Queue {
  /** Adding a job that is queued or being handled changes nothing. Throws UNAVAILABLE. */
  add(job: Job): Promise<void>
}

/** Why a job's signal is aborted. `lost`: another worker may have the job by now. `closing`: hand it back soon. */
export type JobAbort = 'lost' | 'closing'

/**
 * `done`: the job is finished. `handed-back`: another worker must get it at once. `dropped`: this worker has lost the run, or
 * it is too early for it, and the job comes again unless another worker has it already.
 */
export type JobOutcome = 'done' | 'handed-back' | 'dropped'

/**
 * Called for each job, with a limited concurrency. `signal.reason` is a `JobAbort`. When the handler throws, or its process
 * dies, the job comes again at any worker that is free: delivery is at-least-once.
 */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobOutcome>

export interface Consumer {
  /** Takes no further job. Those in hand go on, and keep their leases. */
  drain(): void
  /**
   * Drains, gives the jobs in hand the grace period, aborts the rest with `closing`, and waits until they are finished.
   * Does it once, however often it is called.
   */
  close(): Promise<void>
}
