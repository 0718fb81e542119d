import type { Job, JobHandler, Queue } from '../schedule/queue.ts'
import type { RunPermits } from './run-permits.ts'

export interface RunningLimitDeps {
  readonly permits: RunPermits
  readonly queue: Queue
  readonly onError: (error: unknown) => void
  /** Time between two renewals of a permit's lease. */
  readonly keepMs: number
}

/**
 * Lets a worker handle only jobs with a permit. A job without one is done for now: its run stays queued, without a worker,
 * and its job is added again when a permit is free. A permit is free again when the run has ended or is parked. A run that
 * was handed back or lost keeps its permit for the next worker.
 */
export function limitRunning(handle: JobHandler, { permits, queue, onError, keepMs }: RunningLimitDeps): JobHandler {
  return async (job, signal) => {
    if (!(await permits.acquire(job))) return 'done'
    const timer = setInterval(() => permits.renew(job).catch(onError), keepMs)
    try {
      const outcome = await handle(job, signal)
      // A lost job may have come again at another worker, whose permit this is by now.
      if (outcome === 'done' && !signal.aborted) callNext(await permits.release(job))
      return outcome
    } finally {
      clearInterval(timer)
    }
  }

  function callNext(jobs: readonly Job[]): void {
    for (const job of jobs) queue.add(job).catch(onError)
  }
}

/** For the sweep: does not add jobs that wait for a permit, which are added when they get one. */
export function queueUnlessInLine(queue: Queue, permits: Pick<RunPermits, 'isInLine'>): Queue {
  return {
    async add(job) {
      if (!(await permits.isInLine(job))) await queue.add(job)
    },
  }
}
