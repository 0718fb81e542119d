import type { Job, JobHandler, Queue } from '../schedule/queue.ts'
import type { RunningSlots } from './running-slots.ts'

export interface RunningLimitDeps {
  readonly slots: RunningSlots
  readonly queue: Queue
  readonly onError: (error: unknown) => void
  /** Between two renewals of a slot's lease. */
  readonly keepMs: number
}

/**
 * In front of a worker: a job without a slot is done for now. Its run stays queued, holds no worker, and is queued again
 * when its turn comes. The slot is free again when the run has ended or is parked; whoever goes on with a run that was
 * handed back or lost finds it taken for them.
 */
export function limitRunning(handle: JobHandler, { slots, queue, onError, keepMs }: RunningLimitDeps): JobHandler {
  return async (job, signal) => {
    if (!(await slots.take(job))) return 'done'
    const timer = setInterval(() => slots.keep(job).catch(onError), keepMs)
    try {
      const outcome = await handle(job, signal)
      // By now it may be another's slot: the lost job came again there.
      if (outcome === 'done' && !signal.aborted) callNext(await slots.leave(job))
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
export function queueUnlessInLine(queue: Queue, slots: Pick<RunningSlots, 'stands'>): Queue {
  return {
    async add(job) {
      if (!(await slots.stands(job))) await queue.add(job)
    },
  }
}
