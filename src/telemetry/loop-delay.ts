import type { Tell } from '../kernel/news.ts'

/** How often the loop is measured. */
const intervalMs = 20

/**
 * Tells how late a timer comes each time: so long, the process did something else in one stretch, and no lease was renewed
 * and no request read. Returns the function that ends it.
 */
export function watchLoop({ tell, now }: { readonly tell: Tell; readonly now: () => number }): () => void {
  let before = now()
  const timer = setInterval(() => {
    const at = now()
    tell({ type: 'loop-delayed', ms: Math.max(0, at - before - intervalMs) })
    before = at
  }, intervalMs).unref()
  return () => clearInterval(timer)
}
