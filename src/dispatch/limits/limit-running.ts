import type { Job, JobHandler, Queue } from '../schedule/queue.ts'
import type { RunPermits } from './run-permits.ts'

export interface RunningLimitDeps {
  readonly permits: RunPermits
  readonly queue: Queue
  readonly onError: (error: unknown) => void
  /** Between two renewals of a permit's lease. */
  readonly keepMs: number
}

/**
 * In front of a worker: a job without a permit is done for now. Its run stays queued, holds no worker, and is queued again
 * when its turn comes. The permit is free again when the run has ended or is parked; whoever goes on with a run that was
 * handed back or lost finds it taken for them.
 */
export function limitRunning(handle: JobHandler, { permits, queue, onError, keepMs }: RunningLimitDeps): JobHandler {
  return async (job, signal) => {
    if (!(await permits.acquire(job))) return 'done'
    const timer = setInterval(() => permits.renew(job).catch(onError), keepMs)
    try {
      const outcome = await handle(job, signal)
      // By now it may be another's permit: the lost job came again there.
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

/** For the sweep: does not queue what stands in line, which will be called. */
export function queueUnlessInLine(queue: Queue, permits: Pick<RunPermits, 'isInLine'>): Queue {
  return {
    async add(job) {
      if (!(await permits.isInLine(job))) await queue.add(job)
    },
  }
}
