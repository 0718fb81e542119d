import type { ChannelKey } from '../../kernel/ids.ts'

/** Ready work. `wake` names which of a run's jobs this is, so that an outdated one can be told from the current one. */
export interface Job {
  readonly key: ChannelKey
  readonly wake: number
  /** The trace of whoever queued it. */
  readonly traceparent?: string
}

/** The W3C trace context of the use case that is at work; undefined when nobody traces. */
export type Traceparent = () => string | undefined

/** For what carries a trace context: absent when nobody traces. */
export function traced(traceparent: Traceparent): { readonly traceparent?: string } {
  const context = traceparent()
  return context === undefined ? {} : { traceparent: context }
}

export interface Queue {
  /** Adding what is queued or being worked on already changes nothing. Throws UNAVAILABLE. */
  add(job: Job): Promise<void>
}

/** Why a job's signal is aborted. `lost`: it may be another's by now. `closing`: hand it back, soon. */
export type JobAbort = 'lost' | 'closing'

/**
 * `done`: the job has served its purpose. `handed-back`: another worker is to have it at once. `dropped`: the run was lost
 * to this worker; the job comes again, unless another worker has it already.
 */
export type JobOutcome = 'done' | 'handed-back' | 'dropped'

/**
 * Called for each job, `concurrency` at a time. `signal.reason` is a `JobAbort`. When it throws, or its process dies,
 * the job comes again, to whichever worker is free.
 */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobOutcome>

export interface Consumer {
  /** Takes no further job, aborts those in hand with `closing`, and waits until they are settled. */
  close(): Promise<void>
}
