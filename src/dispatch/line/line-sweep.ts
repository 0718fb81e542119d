import { repeat } from '../../kernel/repeat.ts'
import { type LineDue, type LineDueList, lineTimings } from './line.ts'
import type { LineWork } from './line-work.ts'
import type { Removals } from './removals.ts'

export interface LineSweepDeps {
  readonly lineDue: LineDueList
  readonly lineWork: Pick<LineWork, 'tidy'>
  readonly removals: Pick<Removals, 'finish'>
  readonly clock: () => number
  readonly onError: (error: unknown) => void
  readonly intervalMs: number
  /** How many lines are looked at in one round. */
  readonly batch: number
}

export interface LineSweep {
  /** Sweeps once now. For tests, which have no interval to wait for. */
  once(): Promise<void>
  close(): Promise<void>
}

/**
 * Looks at the lines that somebody has joined a while ago, for places whose runs were never created, because their process died
 * between the two. The runs themselves have the sweep of runs. Every process sweeps: each action is idempotent.
 */
export function startLineSweep({
  lineDue,
  lineWork,
  removals,
  clock,
  onError,
  intervalMs,
  batch,
}: LineSweepDeps): LineSweep {
  const look = async (entry: LineDue) => {
    // Before the line is read: whoever joins after that brings the entry forward again, and it is not dropped.
    const moved = await lineDue.move(entry, clock() + lineTimings.lookMs)
    if (moved === null) return
    await removals.finish(entry.key)
    if (await lineWork.tidy(entry.key)) await lineDue.drop(moved)
  }
  const once = async () => {
    for (let full = true; full && !closed; ) {
      const list = await lineDue.due(clock(), batch)
      await Promise.all(list.map(look))
      full = list.length === batch
    }
  }

  let closed = false
  const end = repeat(once, { intervalMs, onError })
  return {
    once,
    async close() {
      closed = true
      await end()
    },
  }
}
