import { setTimeout as sleep } from 'node:timers/promises'
import { abortableIterator } from '../channel/abortable-iterator.ts'
import { createWakeUp } from '../channel/wake-up.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import { unlessAborted } from '../kernel/unless-aborted.ts'
import { joinView, type WatchDeps } from './live-view.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Yields a dispatch at once, and again after changes, at most once per interval. The view is kept up to date while nobody
 * asks, so a slow reader gets the newest one. All readers of a dispatch share one view.
 */
export function watchSnapshots(deps: WatchDeps, key: ChannelKey, intervalMs: number): AsyncIterableIterator<Snapshot> {
  return abortableIterator((signal) => watch(deps, key, intervalMs, signal))
}

async function* watch(
  deps: WatchDeps,
  key: ChannelKey,
  intervalMs: number,
  signal: AbortSignal,
): AsyncGenerator<Snapshot, void> {
  const joined = joinView(deps, key)
  try {
    const view = await unlessAborted(joined.view, signal).catch((error: unknown) => {
      if (signal.aborted) return null
      throw error
    })
    if (view === null) return
    const wakeUp = createWakeUp()
    const stopListening = view.onNews(wakeUp.wake)
    try {
      for (let seen: number | null = null; !signal.aborted; ) {
        const ended = view.ended()
        if (view.version() !== seen) {
          seen = view.version()
          yield view.snapshot()
          await sleep(intervalMs, undefined, { signal }).catch(() => {})
        } else if (ended === null) {
          await wakeUp.next(signal)
        } else {
          if (ended.error !== undefined) throw ended.error
          return
        }
      }
    } finally {
      stopListening()
    }
  } finally {
    await joined.leave()
  }
}
