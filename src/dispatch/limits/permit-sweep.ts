import { repeat } from '../../kernel/repeat.ts'
import type { Queue } from '../schedule/queue.ts'
import type { RunPermits } from './run-permits.ts'

export interface PermitSweepDeps {
  readonly permits: Pick<RunPermits, 'grantable'>
  readonly queue: Queue
  readonly intervalMs: number
  readonly onError: (error: unknown) => void
}

export interface PermitSweep {
  /** Looks once now. For tests, which have no interval to wait for. */
  once(): Promise<void>
  close(): Promise<void>
}

/**
 * Adds the jobs that can have a permit now. Whoever releases a permit does so at once. This sweep finds the permits of
 * workers that died, and jobs that were added while their last attempt to get a permit was not over. Every process sweeps.
 */
export function startPermitSweep({ permits, queue, intervalMs, onError }: PermitSweepDeps): PermitSweep {
  const once = async () => {
    const jobs = await permits.grantable()
    await Promise.all(jobs.map((job) => queue.add(job)))
  }
  const end = repeat(once, { intervalMs, onError })
  return {
    once,
    close: end,
  }
}
