import type { Queue } from '../schedule/queue.ts'
import type { RunningSlots } from './running-slots.ts'

export interface RunningTurnsDeps {
  readonly slots: Pick<RunningSlots, 'turns'>
  readonly queue: Queue
  readonly intervalMs: number
  readonly onError: (error: unknown) => void
}

export interface RunningTurns {
  /** One look now; for tests, which have no interval to wait for. */
  once(): Promise<void>
  close(): Promise<void>
}

/**
 * Queues the jobs whose turn it is. Who leaves a slot does so at once; this finds the slots of workers that died, and
 * jobs that were called while their last, vain attempt was not over. Every process may look.
 */
export function startRunningTurns({ slots, queue, intervalMs, onError }: RunningTurnsDeps): RunningTurns {
  const once = async () => {
    const jobs = await slots.turns()
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
