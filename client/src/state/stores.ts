import { type ChannelState, emptyState, type Live, type LiveDeps, openLive } from './live.ts'
import type { Snapshot } from './snapshot.ts'

/** A store as React and others subscribe to it. It watches the channel while somebody is subscribed. */
export interface ChannelStore {
  /** Calls back at most once a frame (once a task where there are no frames). The returned function ends that. */
  subscribe(listener: () => void): () => void
  /** The same object until the next call back. */
  getSnapshot(): ChannelState
}

export interface Stores {
  state(channelId: string): ChannelStore
  /** What is known of a dispatch before anyone has asked. */
  seed(channelId: string, snapshot: Snapshot): void
  close(): void
}

/** Views that come and go in one go, as under React's strict mode, keep what is open. */
const lingerMs = 1_000
/** What `dispatch` has answered waits so long for a view. */
const seedMs = 30_000

/** The stores of one channel share what they show; it is there while somebody is subscribed, and a moment longer. */
export function createStores(deps: LiveDeps): Stores {
  const lives = new Map<string, Live>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const drop = (channelId: string) => {
    clearTimeout(timers.get(channelId))
    timers.delete(channelId)
    lives.get(channelId)?.close()
    lives.delete(channelId)
  }
  const dropIn = (channelId: string, ms: number) => {
    clearTimeout(timers.get(channelId))
    const timer: unknown = setTimeout(() => drop(channelId), ms)
    timers.set(channelId, timer as ReturnType<typeof setTimeout>)
    // On Node it would keep the process alive.
    ;(timer as { unref?: () => void }).unref?.()
  }
  const open = (channelId: string, seed: Snapshot | null): Live => {
    const live = openLive(deps, channelId, seed)
    lives.set(channelId, live)
    return live
  }
  return {
    state: (channelId) => ({
      subscribe(listener) {
        // The same function may be subscribed twice.
        const call = () => listener()
        const live = lives.get(channelId) ?? open(channelId, null)
        clearTimeout(timers.get(channelId))
        live.listeners.add(call)
        live.start()
        return () => {
          if (live.listeners.delete(call) && live.listeners.size === 0 && lives.get(channelId) === live) {
            dropIn(channelId, lingerMs)
          }
        }
      },
      getSnapshot: () => lives.get(channelId)?.state() ?? emptyState,
    }),
    seed(channelId, snapshot) {
      if (lives.has(channelId)) return
      open(channelId, snapshot)
      dropIn(channelId, seedMs)
    },
    close() {
      for (const channelId of [...lives.keys()]) drop(channelId)
    },
  }
}
