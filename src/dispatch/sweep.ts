import type { Answers } from './answer.ts'
import type { Due, DueList } from './due.ts'
import type { Queue } from './queue.ts'
import { isEnded, type RunStore } from './run-record.ts'

export interface SweepDeps {
  readonly runs: RunStore
  readonly due: DueList
  readonly queue: Queue
  readonly answers: Answers
  readonly clock: () => number
  readonly onError: (error: unknown) => void
  readonly intervalMs: number
  /** Runs looked at in one go. */
  readonly batch: number
  /** When to look again at a run that is queued or running. */
  readonly repairMs: number
  /** A due entry without a record is dropped when it is so old: its creator has failed, not just been slow. */
  readonly orphanMs: number
  /** When to look again at a run that waits, if its deadline is not before that. */
  readonly waitingMs: number
}

export interface Sweep {
  /** One sweep now; for tests, which have no interval to wait for. */
  once(): Promise<void>
  close(): Promise<void>
}

/**
 * Looks at the channels whose time has come. Queues the runs that need a worker: delayed ones, and those whose job was
 * lost between record and queue. Fails the calls of waiting runs that got no answer in time, and delivers answers that
 * got no further than their channel. Every process may sweep; what has been done already changes nothing.
 */
export function startSweep(deps: SweepDeps): Sweep {
  const { runs, due, queue, clock } = deps

  const look = async ({ key, at }: Due, record: Awaited<ReturnType<RunStore['find']>>[number]) => {
    const now = clock()
    await deps.answers.redeliver(key)
    if (record === null) {
      if (now - at > deps.orphanMs) await due.remove(key)
      return
    }
    if (isEnded(record.status)) return due.remove(key)
    if (record.status === 'queued' && (record.notBefore ?? 0) > now) return due.set(key, record.notBefore ?? 0)
    // Moved on before queueing, so that a crash between the two only makes the next look come later.
    await due.set(key, now + deps.repairMs)
    if (record.status === 'queued' || record.status === 'running') await queue.add({ key, wake: record.wake })
    if (record.status !== 'waiting') return
    const deadline = await deps.answers.settleOverdue(key)
    if (deadline !== null) await due.set(key, Math.max(now + 1000, Math.min(deadline, now + deps.waitingMs)))
  }
  const once = async () => {
    for (let full = true; full && !closed; ) {
      const list = await due.due(clock(), deps.batch)
      const records = await runs.find(list.map(({ key }) => key))
      await Promise.all(list.map((entry, i) => look(entry, records[i] ?? null)))
      // Orphans that are still young stay in the list: another round would see them again.
      full = list.length === deps.batch && records.some((record) => record !== null)
    }
  }

  let closed = false
  let current: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  const schedule = () => {
    timer = setTimeout(() => {
      current = once()
        .catch(deps.onError)
        .finally(() => {
          if (!closed) schedule()
        })
    }, deps.intervalMs)
  }
  schedule()

  return {
    once,
    async close() {
      closed = true
      clearTimeout(timer)
      await current
    },
  }
}
