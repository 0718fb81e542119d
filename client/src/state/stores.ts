import { type ChannelState, emptyState, type LiveDeps, openLive } from './live.ts'
import { createShared } from './shared.ts'
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
  /** What is known of a dispatch before anyone has asked; the newest counts. */
  seed(channelId: string, snapshot: Snapshot): void
  close(): void
}

/** What `dispatch` has answered waits so long for a view. */
const seedMs = 30_000

export function createStores(deps: LiveDeps): Stores {
  const shared = createShared((channelId) => openLive(deps, channelId, null))
  return {
    state: (channelId) => ({
      subscribe: (listener) => shared.subscribe(channelId, listener),
      getSnapshot: () => shared.find(channelId)?.state() ?? emptyState,
    }),
    seed(channelId, snapshot) {
      if (!shared.find(channelId)?.hasStarted()) shared.keep(channelId, openLive(deps, channelId, snapshot), seedMs)
    },
    close: shared.close,
  }
}
