import type { Queue } from '../schedule/queue.ts'
import type { RunPermits } from './run-permits.ts'

export interface PermitSweepDeps {
  readonly permits: Pick<RunPermits, 'grantable'>
  readonly queue: Queue
  readonly intervalMs: number
  readonly onError: (error: unknown) => void
}

export interface PermitSweep {
  /** One look now; for tests, which have no interval to wait for. */
  once(): Promise<void>
  close(): Promise<void>
}

/**
 * Queues the jobs whose turn it is. Who leaves a permit does so at once; this finds the permits of workers that died, and
 * jobs that were called while their last, vain attempt was not over. Every process may look.
 */
export function startPermitSweep({ permits, queue, intervalMs, onError }: PermitSweepDeps): PermitSweep {
  const once = async () => {
    const jobs = await permits.grantable()
    await Promise.all(jobs.map((job) => queue.add(job)))
  }
  let current: Promise<void> | null = null
  const timer = setInterval(() => {
    current ??= once()
      .catch(onError)
      .finally(() => {
        current = null
      })
  }, intervalMs)
  return {
    once,
    async close() {
      clearInterval(timer)
      await current
    },
  }
}
