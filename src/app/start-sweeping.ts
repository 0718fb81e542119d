import { bounds } from '../config/bounds.ts'
import { timings } from '../config/timings.ts'
import { startLineSweep } from '../dispatch/line/line-sweep.ts'
import { createRemovals } from '../dispatch/line/removals.ts'
import { startSweep } from '../dispatch/schedule/sweep.ts'
import { repeat } from '../kernel/repeat.ts'
import { type Parts, wallClock } from './parts.ts'

/** Starts the sweep, in a process of any role: it finishes what other processes left undone. */
export function startSweeping({ engine, answers, lineWork, lifecycle, onError }: Parts): void {
  const { requests, workers } = engine
  const sweep = startSweep({
    ...requests,
    answers,
    lineWork,
    clock: wallClock,
    onError,
    batch: bounds.sweepBatch,
    ...timings.sweep,
  })
  lifecycle.onClose(() => sweep.close())
  const lineSweep = startLineSweep({
    lineDue: requests.lineDue,
    lineWork,
    removals: createRemovals({ ...requests, lineWork }),
    clock: wallClock,
    onError,
    batch: bounds.sweepBatch,
    intervalMs: timings.sweep.intervalMs,
  })
  lifecycle.onClose(() => lineSweep.close())
  lifecycle.onClose(repeat(workers.fair.sweep, { intervalMs: timings.turnSweepMs, onError }))
}
