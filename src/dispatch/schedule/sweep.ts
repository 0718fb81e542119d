import { isEnded } from '../../conversation/run-status.ts'
import type { Answers } from '../answer.ts'
import type { LineWork } from '../line/line-work.ts'
import type { Run } from '../run.ts'
import type { RunStore } from '../run-store.ts'
import type { Due, DueList } from './due.ts'
import { jobOf, type Queue } from './queue.ts'

export interface SweepDeps {
  readonly runs: RunStore
  readonly due: DueList
  readonly queue: Queue
  readonly answers: Answers
  readonly lineWork: LineWork
  readonly clock: () => number
  readonly onError: (error: unknown) => void
  readonly intervalMs: number
  /** How many runs are looked at in one round. */
  readonly batch: number
  /** When to look again at a queued or running run. A run that has been queued for longer is looked at later. */
  readonly repairMs: number
  /** The latest time to look again at a queued run, so that a long queue does not keep the sweep busy. */
  readonly queuedMs: number
  /** When to look again at a waiting run, unless its deadline comes first. */
  readonly waitingMs: number
}

export interface Sweep {
  /** Sweeps once now. For tests, which have no interval to wait for. */
  once(): Promise<void>
  close(): Promise<void>
}

/**
 * Looks at the runs whose time has come. Queues those that need a worker: delayed runs, and runs whose job was lost before it
 * was queued. Fails the calls of waiting runs that got no answer in time, and delivers answers that did not reach their
 * call. Every process sweeps: each action is idempotent.
 */
export function startSweep(deps: SweepDeps): Sweep {
  const { runs, due, queue, clock } = deps

  const nextLookMs = ({ status, createdAt, notBefore }: Run, now: number) => {
    const queuedFor = status === 'queued' ? now - (notBefore ?? createdAt) : 0
    return Math.max(deps.repairMs, Math.min(queuedFor, deps.queuedMs))
  }
  const look = async (entry: Due, run: Run | null) => {
    const { key } = entry
    const now = clock()
    await deps.answers.redeliver(key)
    if (run === null || isEnded(run.status)) return forget(entry, run)
    if (run.status === 'queued' && !run.turn?.isHeld && (run.notBefore ?? 0) > now) {
      await due.move(entry, run.notBefore ?? 0)
      return
    }
    // Put off first, so that a crash after it only delays the next look.
    const moved = await due.move(entry, now + nextLookMs(run, now))
    // Another process looks at the run, or its entry has been brought forward.
    if (moved === null) return
    if (run.turn?.isHeld) return deps.lineWork.mend(run)
    if (run.status !== 'waiting') {
      // One that was put off has been in line before.
      const hasBegun = run.status === 'queued' && run.attempts > 0
      return queue.add({ ...jobOf(run), ...(hasBegun && { since: run.createdAt }) })
    }
    const deadline = await deps.answers.settleOverdue(run)
    if (deadline !== null) await due.move(moved, Math.max(now + 1000, Math.min(deadline, now + deps.waitingMs)))
  }
  /**
   * Drops the entry only if the store has not gone back since the run was read. If it went back to before the move, the drop
   * does not match; if to later, what was read before the move still holds. Changes between are read again: that the run has ended, and that
   * its place is out of its line, which a store that went back in between has there again.
   */
  const forget = async (entry: Due, run: Run | null) => {
    // Before the entry goes: a crash between the two repeats it.
    if (run !== null) await runs.letGo(entry.key)
    if (run?.turn) await deps.lineWork.advance({ account: entry.key.account, conversation: run.turn.conversation })
    const moved = await due.move(entry, clock() + deps.repairMs)
    if (moved === null) return
    if (run !== null) await runs.compact(entry.key)
    const [now = null] = await runs.find([entry.key])
    const isOver = run === null ? now === null : now !== null && isEnded(now.status)
    if (isOver && (run === null || !(await deps.lineWork.hasPlace(run)))) await due.drop(moved)
  }
  const once = async () => {
    for (let full = true; full && !closed; ) {
      const list = await due.due(clock(), deps.batch)
      const records = await runs.find(list.map(({ key }) => key))
      await Promise.all(list.map((entry, i) => look(entry, records[i] ?? null)))
      full = list.length === deps.batch
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
