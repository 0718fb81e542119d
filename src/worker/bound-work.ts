import { linkAborts } from '../kernel/linked-abort.ts'
import type { EventWriter } from './event-writer.ts'

/** A worker's hold on a run: where it writes, and the signal that makes it let go. */
export interface Hold {
  readonly writer: EventWriter
  /** Aborted when the worker must let go of the run. */
  readonly signal: AbortSignal
}

/**
 * A signal that breaks work on a run off: the worker lets go, the log takes nothing more, somebody has cancelled the run,
 * or its time is up. Call `release` when the work is done.
 */
export function boundWork(
  { signal, writer }: Hold,
  remainingMs: number | null,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const outOfTime = new AbortController()
  // One millisecond late: timers may fire early, and `decide` would then find that there is time left.
  const timer = remainingMs === null ? null : setTimeout(() => outOfTime.abort(), Math.max(0, remainingMs) + 1)
  const linked = linkAborts([signal, writer.stopped, writer.full, writer.cancelled, outOfTime.signal])
  return {
    signal: linked.signal,
    release: () => {
      if (timer !== null) clearTimeout(timer)
      linked.unlink()
    },
  }
}
