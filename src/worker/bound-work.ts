import { linkAborts } from '../kernel/linked-abort.ts'
import type { ConversationRun } from './run-conversation.ts'

/**
 * Aborted when work on a run is to be broken off: the worker lets go, nothing more can be written, somebody has cancelled
 * it, or its time is up. `release` when the work is done.
 */
export function boundWork(
  { signal, writer }: ConversationRun,
  remainingMs: number | null,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const outOfTime = new AbortController()
  // One millisecond late: timers may fire early, and the table would find that time is not up.
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
