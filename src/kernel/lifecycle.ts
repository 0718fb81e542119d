import { setTimeout as sleep } from 'node:timers/promises'

/** What has been opened, to be closed in the reverse order. */
export interface Lifecycle {
  /**
   * Registers how to close what was opened on the line before. One that takes longer than `withinMs` (default: 5 s) is left
   * as it is: what waits for a Redis that is away must not keep the process from ending.
   */
  onClose(close: () => unknown, withinMs?: number): void
  /** Closes everything, last opened first, however often it is called; one failing close does not keep the others open. */
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

/** `ms` may be infinite: for what has a bound of its own. */
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
