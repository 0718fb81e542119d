import type { Consumer, Job, JobAbort, JobHandler, Queue } from '../../../dispatch/schedule/queue.ts'
import type { EmbeddedFairQueue } from '../fair/fair-queue.ts'

export interface EmbeddedQueue extends Queue {
  consume(options: EmbeddedConsumerOptions): Consumer
}

export interface EmbeddedConsumerOptions {
  readonly concurrency: number
  readonly handle: JobHandler
  readonly onError: (error: unknown) => void
  /** Told of each turn: how long its job stood in line. */
  readonly onTurn: (waitedMs: number) => void
  /** How long a job waits after its handler threw or lost the run. */
  readonly retryDelayMs: number
  /** Time between two renewals of a place's lease. */
  readonly keepMs: number
  /** When the consumer closes, the jobs in hand may go on for this long before they are aborted. */
  readonly graceMs: number
}

/** The embedded engine's queue, in one process: the fair queue says whose turn it is. */
export function createEmbeddedQueue(fair: EmbeddedFairQueue): EmbeddedQueue {
  /** Places that hold a job which nobody has in hand. */
  const left: string[] = []
  const inHand = new Map<string, AbortController>()
  let places = 0
  let startNext: (() => void) | null = null
  fair.onTurn(() => startNext?.())

  return {
    async add(job) {
      fair.join(job)
    },

    consume({ concurrency, handle, onError, onTurn, retryDelayMs, keepMs, graceMs }) {
      const running = new Set<Promise<void>>()
      const retries = new Set<NodeJS.Timeout>()
      const leave = (place: string) => {
        left.push(place)
        startNext?.()
      }
      const retry = (place: string) => {
        const timer = setTimeout(() => {
          retries.delete(timer)
          leave(place)
        }, retryDelayMs)
        retries.add(timer)
      }
      const work = async (place: string, job: Job, abort: AbortController) => {
        try {
          const outcome = await handle(job, abort.signal)
          if (outcome === 'done') fair.finish(place)
          if (outcome === 'handed-back') leave(place)
          if (outcome === 'dropped') retry(place)
        } catch (error) {
          onError(error)
          retry(place)
        } finally {
          inHand.delete(place)
        }
      }
      const start = (place: string): boolean => {
        const taken = fair.take(place)
        if (taken === null) return false
        onTurn(taken.waitedMs)
        const abort = new AbortController()
        inHand.set(place, abort)
        const done = work(place, taken.job, abort).finally(() => {
          running.delete(done)
          startNext?.()
        })
        running.add(done)
        return true
      }
      startNext = () => {
        while (inHand.size < concurrency && start(left.shift() ?? `place-${++places}`));
      }
      startNext()
      const renew = () => {
        for (const place of [...inHand.keys(), ...left]) fair.port.renew(place).catch(onError)
      }
      const keeping = setInterval(renew, keepMs).unref()
      const drain = () => {
        startNext = null
        for (const timer of retries) clearTimeout(timer)
      }
      return {
        drain,
        async close() {
          drain()
          const timer = setTimeout(() => {
            for (const abort of inHand.values()) abort.abort('closing' satisfies JobAbort)
          }, graceMs)
          await Promise.all(running)
          clearTimeout(timer)
          clearInterval(keeping)
        },
      }
    },
  }
}
