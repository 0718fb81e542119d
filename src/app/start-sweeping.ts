import { bounds } from '../config/bounds.ts'
import { timings } from '../config/timings.ts'
import { queueUnlessInLine } from '../dispatch/limits/limit-running.ts'
import { startPermitSweep } from '../dispatch/limits/permit-sweep.ts'
import { startLineSweep } from '../dispatch/line/line-sweep.ts'
import { createRemovals } from '../dispatch/line/removals.ts'
import { startSweep } from '../dispatch/schedule/sweep.ts'
import { type Parts, wallClock } from './parts.ts'

/** Starts the sweep, in a process of any role: it finishes what other processes left undone. */
export function startSweeping({ config, engine, answers, lineWork, lifecycle, onError }: Parts): void {
  const { requests, workers } = engine
  const sweep = startSweep({
    ...requests,
    queue: queueUnlessInLine(requests.queue, workers.permits),
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
  if (config.runningDispatches === 0) return
  const { queue } = requests
  const permitSweep = startPermitSweep({ permits: workers.permits, queue, intervalMs: timings.permitSweepMs, onError })
  lifecycle.onClose(() => permitSweep.close())
}
