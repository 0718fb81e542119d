import { endOnAbort } from '../channel/abortable-iterator.ts'
import type { ChannelLog } from '../channel/channel.ts'
import type { Follower } from '../channel/follow.ts'
import { type ChannelKey, nameOf } from '../kernel/ids.ts'
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

/** A dispatch as it is now. It holds the text of the dispatch once, however many watch it. */
export interface LiveView {
  /** Grows with each change. */
  version(): number
  /** One object for each version. */
  snapshot(): Snapshot
  /** Set when nothing more comes; `error` says why, if the run has not ended. */
  ended(): { readonly error?: unknown } | null
  /** Calls back at the next change or at the end. The returned function takes it back. */
  onNews(listener: () => void): () => void
}

interface Shared {
  readonly opening: Promise<LiveView | null>
  readonly abort: AbortController
  /** Fulfilled when nothing of it is left running. */
  closed: Promise<unknown>
  readers: number
}

export interface Joined {
  /** Null if the view was left before there was a dispatch. Rejects if the dispatch could not be read. */
  readonly view: Promise<LiveView | null>
  leave(): Promise<void>
}

/** The views of a process, by what follows the channels for it. */
const viewsOf = new WeakMap<Follower, Map<string, Shared>>()

/** Joins those who watch a dispatch; the first one reads it, or waits until it exists. The last one to leave ends the view. */
export function joinView(deps: WatchDeps, key: ChannelKey): Joined {
  const views = viewsOf.get(deps.follower) ?? new Map<string, Shared>()
  viewsOf.set(deps.follower, views)
  const name = nameOf(key)
  const known = views.get(name)
  const shared = known ?? open(deps, key, () => void (views.get(name) === shared && views.delete(name)))
  views.set(name, shared)
  shared.readers += 1
  return {
    view: shared.opening,
    async leave() {
      shared.readers -= 1
      if (shared.readers > 0) return
      if (views.get(name) === shared) views.delete(name)
      shared.abort.abort()
      // Only an opened view has something running.
      await shared.opening.catch(() => {})
      await shared.closed
    },
  }
}

function open(deps: WatchDeps, key: ChannelKey, forget: () => void): Shared {
  const abort = new AbortController()
  const reading = firstReading(deps, key, abort.signal)
  const opening = reading.then((first) => {
    if (first === null) return null
    const { view, pumping } = follow(deps, key, first, { signal: abort.signal, forget })
    shared.closed = pumping
    return view
  })
  const shared: Shared = { opening, abort, closed: opening.catch(forget), readers: 0 }
  return shared
}

interface Life {
  readonly signal: AbortSignal
  /** Call it when the view has failed: whoever comes next reads again. */
  readonly forget: () => void
}

function follow(deps: WatchDeps, key: ChannelKey, reading: SnapshotBuilder, { signal, forget }: Life) {
  let { position } = reading
  let version = 0
  let made = { version, snapshot: reading.snapshot(position) }
  let ended: { readonly error?: unknown } | null = null
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  const pump = async () => {
    const entries = deps.follower.follow(key, { after: position })
    const stopListening = endOnAbort(entries, signal)
    try {
      for await (const batch of entries) {
        for (const entry of batch.entries) reading.builder.apply(entry)
        position = batch.position
        version += 1
        tell()
      }
    } finally {
      stopListening()
      await entries.return?.()
    }
  }
  const end = (how: { readonly error?: unknown }) => {
    ended = how
    tell()
  }
  const pumping = (made.snapshot.finishedAt === null ? pump() : Promise.resolve()).then(
    () => end({}),
    (error: unknown) => {
      forget()
      end({ error })
    },
  )
  const view: LiveView = {
    version: () => version,
    snapshot() {
      if (made.version !== version) made = { version, snapshot: reading.snapshot(position) }
      return made.snapshot
    },
    ended: () => ended,
    onNews(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { view, pumping }
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
