import type { Tell } from '../kernel/news.ts'

/** How often the loop is measured. */
const intervalMs = 20

export interface WatchLoopOptions {
  readonly tell: Tell
  /** ms */
  readonly now: () => number
  /** The processor time of this thread, in ms. */
  readonly busy: () => number
}

/**
 * Tells how late a timer comes each time: so long, no lease was renewed and no request read. `busyMs` is the part of it in which
 * the process worked on something else in one stretch; for the rest it waited for a processor, and the machine was busy. Returns
 * the function that ends it.
 */
export function watchLoop({ tell, now, busy }: WatchLoopOptions): () => void {
  let [before, busyBefore] = [now(), busy()]
  const timer = setInterval(() => {
    const [at, busyAt] = [now(), busy()]
    const ms = Math.max(0, at - before - intervalMs)
    tell({ type: 'loop-delayed', ms, busyMs: Math.min(ms, busyAt - busyBefore) })
    before = at
    busyBefore = busyAt
  }, intervalMs).unref()
  return () => clearInterval(timer)
}
