import { setTimeout as sleep } from 'node:timers/promises'

/** Collects what is opened, to close it in reverse order. */
export interface Lifecycle {
  /**
   * Registers the close of what the previous line opened. A close that takes longer than `withinMs` (default: 5 s) is
   * abandoned, so that a Redis that is away cannot keep the process from ending.
   */
  onClose(close: () => unknown, withinMs?: number): void
  /**
   * Closes everything once, last opened first, however often it is called. A failing close does not prevent the others.
   */
  close(): Promise<void>
}

export function createLifecycle(onError: (error: unknown) => void): Lifecycle {
  const closes: (() => Promise<unknown>)[] = []
  let closing: Promise<void> | null = null
  const closeAll = async () => {
    for (let close = closes.pop(); close !== undefined; close = closes.pop()) {
      try {
        await close()
      } catch (error) {
        onError(error)
      }
    }
  }
  return {
    onClose: (close, withinMs = 5000) => void closes.push(() => within(withinMs, async () => close())),
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}

/** `ms` may be infinite, for a close that has its own bound. */
async function within(ms: number, act: () => Promise<unknown>): Promise<void> {
  const acting = act()
  if (!Number.isFinite(ms)) return void (await acting)
  const abort = new AbortController()
  const late = sleep(ms, 'late', { signal: abort.signal }).catch(() => 'done')
  try {
    const how = await Promise.race([acting, late])
    if (how === 'late') throw new Error(`Something did not close within ${ms} ms.`)
  } finally {
    abort.abort()
    acting.catch(() => {})
  }
}
