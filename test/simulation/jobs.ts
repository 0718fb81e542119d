import type { Job, JobAbort, JobHandler, Queue } from '../../src/dispatch/schedule/queue.ts'
import { nameOf } from '../../src/kernel/ids.ts'
import type { Random } from '../faults/random.ts'
import { inProcess, type SimulatedProcess, type VirtualTime } from './virtual-time.ts'

interface Hold {
  readonly process: SimulatedProcess
  readonly abort: AbortController
}

interface Entry {
  readonly job: Job
  /** Null: it waits for a worker. */
  hold: Hold | null
  /** Not before then, in virtual ms. */
  notBefore: number
}

/** A queue as BullMQ behaves: jobs by name, given to whoever is free, and again when their worker is judged dead. */
export interface Jobs extends Queue {
  has(job: Job): boolean
  /** Gives a waiting job to the worker. False: there is none, or the worker has enough. */
  give(process: SimulatedProcess, handle: JobHandler): boolean
  /** A lock ran out: the jobs in these hands go to others, and the holder learns of it later, if it lives. */
  expire(process: SimulatedProcess, notBefore: number): void
  /** SIGTERM: the handlers are asked to hand back. */
  close(process: SimulatedProcess): void
  /** For a queue that dies with its process. */
  clear(): void
  /** For a store that goes back: the jobs as they are, and how to make them so again. */
  snapshot(): () => void
}

const handsPerWorker = 3
/** At the latest: the time between two beats of its heart. */
const lostNoticeMs = 5000

export function createJobs(time: VirtualTime, random: Random, onDefect: (error: unknown) => void): Jobs {
  let entries = new Map<string, Entry>()
  const idOf = ({ key, wake }: Job) => `${nameOf(key)}/${wake}`
  const heldBy = (process: SimulatedProcess) => [...entries.values()].filter(({ hold }) => hold?.process === process)

  const work = async (entry: Entry, hold: Hold, handle: JobHandler) => {
    const outcome = await handle(entry.job, hold.abort.signal).catch((error: unknown) => {
      onDefect(error)
      return 'dropped' as const
    })
    if (hold.process.isDead || entries.get(idOf(entry.job))?.hold !== hold) return
    if (outcome === 'done') entries.delete(idOf(entry.job))
    entry.hold = null
    if (outcome === 'dropped') entry.notBefore = time.now() + 1000
  }

  return {
    async add(job) {
      if (!entries.has(idOf(job))) entries.set(idOf(job), { job, hold: null, notBefore: 0 })
    },
    has: (job) => entries.has(idOf(job)),
    give(process, handle) {
      if (heldBy(process).length >= handsPerWorker) return false
      const free = [...entries.values()].filter(({ hold, notBefore }) => hold === null && notBefore <= time.now())
      if (free.length === 0) return false
      const entry = random.pick(free)
      const hold = { process, abort: new AbortController() }
      entry.hold = hold
      inProcess.run(process, () => void work(entry, hold, handle))
      return true
    },
    expire(process, notBefore) {
      for (const entry of heldBy(process)) {
        const { hold } = entry
        entry.hold = null
        entry.notBefore = notBefore
        // Its own timer: it fires when the process lives and is not paused any more.
        const notice = 200 + random.int(lostNoticeMs)
        inProcess.run(process, () => setTimeout(() => hold?.abort.abort('lost' satisfies JobAbort), notice))
      }
    },
    close(process) {
      for (const { hold } of heldBy(process)) hold?.abort.abort('closing' satisfies JobAbort)
    },
    clear: () => entries.clear(),
    snapshot() {
      const jobs = [...entries.values()].map(({ job }) => job)
      return () => {
        // Whoever holds one holds it still; what had been taken off the list since is there again.
        const held = entries
        entries = new Map(
          jobs.map((job) => [idOf(job), held.get(idOf(job)) ?? { job, hold: null, notBefore: time.now() + 1000 }]),
        )
      }
    },
  }
}
