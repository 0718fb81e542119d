import type { Consumer, Job, JobAbort, JobHandler, Queue } from '../../../dispatch/schedule/queue.ts'
import type { Backlog } from '../../../kernel/news.ts'

export interface EmbeddedQueue extends Queue {
  consume(options: EmbeddedConsumerOptions): Consumer
  backlog(): Omit<Backlog, 'due'>
}

export interface EmbeddedConsumerOptions {
  readonly concurrency: number
  readonly handle: JobHandler
  readonly onError: (error: unknown) => void
  /** How long a job waits after its handler threw or lost the run. */
  readonly retryDelayMs: number
  /** When the consumer closes, the jobs in hand may go on for this long before they are aborted. */
  readonly graceMs: number
}

/** The embedded engine's queue: first in, first out, in one process. */
export function createEmbeddedQueue(): EmbeddedQueue {
  const waiting = new Map<string, { readonly job: Job; readonly since: number }>()
  const inHand = new Map<string, AbortController>()
  let startNext: (() => void) | null = null

  const wait = (name: string, job: Job) => waiting.set(name, { job, since: performance.now() })
  const nameOf = ({ key, wake }: Job) => `${key.account}/${key.channel}/${wake}`

  return {
    async add(job) {
      const name = nameOf(job)
      if (inHand.has(name) || waiting.has(name)) return
      wait(name, job)
      startNext?.()
    },

    backlog() {
      const [first] = waiting.values()
      const oldestMs = first === undefined ? null : performance.now() - first.since
      return { waiting: waiting.size, running: inHand.size, oldestMs }
    },

    consume({ concurrency, handle, onError, retryDelayMs, graceMs }) {
      const running = new Set<Promise<void>>()
      const retries = new Set<NodeJS.Timeout>()
      const retry = (name: string, job: Job) => {
        const timer = setTimeout(() => {
          retries.delete(timer)
          wait(name, job)
          startNext?.()
        }, retryDelayMs)
        retries.add(timer)
      }
      const work = async (name: string, job: Job, abort: AbortController) => {
        try {
          const outcome = await handle(job, abort.signal)
          if (outcome === 'handed-back') wait(name, job)
          if (outcome === 'dropped') retry(name, job)
        } catch (error) {
          onError(error)
          retry(name, job)
        } finally {
          inHand.delete(name)
        }
      }
      startNext = () => {
        for (const [name, { job }] of waiting) {
          if (inHand.size >= concurrency) return
          waiting.delete(name)
          const abort = new AbortController()
          inHand.set(name, abort)
          const done = work(name, job, abort).finally(() => {
            running.delete(done)
            startNext?.()
          })
          running.add(done)
        }
      }
      startNext()
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
        },
      }
    },
  }
}
