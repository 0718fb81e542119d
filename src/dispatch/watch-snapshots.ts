import { setTimeout as sleep } from 'node:timers/promises'
import { abortableIterator, endOnAbort } from '../channel/abortable-iterator.ts'
import type { ChannelLog } from '../channel/channel.ts'
import type { Follower } from '../channel/follow.ts'
import { createWakeUp } from '../channel/wake-up.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { RunStore } from './run-store.ts'
import { readSnapshot, type Snapshot, type SnapshotBuilder } from './snapshot.ts'

/** The reads of a subscription. They wait while the store is away. */
export interface FollowingReads {
  readonly runs: Pick<RunStore, 'find' | 'facts'>
  readonly log: ChannelLog
}

export interface WatchDeps {
  readonly following: FollowingReads
  readonly follower: Follower
}

/**
 * Yields a dispatch at once, and again after changes, at most once per interval. The view is kept up to date while nobody
 * asks, so a slow reader gets the newest one. It holds the text of one dispatch.
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
  const reading = await firstReading(deps, key, signal)
  if (reading === null) return
  let { position } = reading
  let changed = false
  let ended: { readonly error?: unknown } | null = null
  const wakeUp = createWakeUp()

  const entries = deps.follower.follow(key, { after: position })
  const forget = endOnAbort(entries, signal)
  const first = reading.snapshot(position)
  const pump = async () => {
    for await (const batch of entries) {
      for (const entry of batch.entries) reading.builder.apply(entry)
      position = batch.position
      changed = true
      wakeUp.wake()
    }
  }
  const pumping =
    first.finishedAt === null
      ? pump().then(
          () => ({}),
          (error: unknown) => ({ error }),
        )
      : Promise.resolve({})
  void pumping.then((how) => {
    ended = how
    wakeUp.wake()
  })
  try {
    yield first
    while (!signal.aborted) {
      await sleep(intervalMs, undefined, { signal }).catch(() => {})
      if (!changed && ended === null) await wakeUp.next(signal)
      if (changed) {
        changed = false
        yield reading.snapshot(position)
      } else if (ended !== null) {
        const { error } = ended
        if (error !== undefined) throw error
        return
      }
    }
  } finally {
    forget()
    await entries.return?.()
    await pumping
  }
}

/** Waits for a dispatch that does not exist yet. */
async function firstReading(deps: WatchDeps, key: ChannelKey, signal: AbortSignal): Promise<SnapshotBuilder | null> {
  const reading = await readSnapshot(deps.following, key)
  if (reading !== null) return reading
  const entries = deps.follower.follow(key, {})
  const forget = endOnAbort(entries, signal)
  const { done } = await entries.next()
  forget()
  await entries.return?.()
  return done ? null : readSnapshot(deps.following, key)
}
