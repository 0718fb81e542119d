import type { Transport } from '../connection/transport.ts'
import { channelEventsDocument } from '../documents.ts'
import type { BackchannelError } from '../errors.ts'
import { type ChannelEvent, isEnding, pushJoined } from '../events.ts'
import type { ChannelEventsSubscription } from '../generated/operations.ts'
import { follow } from './follow.ts'

export interface Listener {
  event(event: ChannelEvent): void
  connected(isConnected: boolean): void
  done(error: BackchannelError | null): void
}

export interface Feeds {
  /**
   * Tells every event after a cursor, or from the beginning, exactly once and in order; those that are here already before
   * it returns. The returned function ends that.
   */
  join(channelId: string, after: string | null, listener: Listener): () => void
  /** Whether all events of a channel from its beginning are being followed. */
  isWhole(channelId: string): boolean
  /** Ends all of them with this error. */
  close(error: BackchannelError): void
}

interface Feed {
  readonly channelId: string
  readonly origin: string | null
  /** Everything since the origin, adjacent deltas joined: as large as the text, for those who come later. */
  readonly history: ChannelEvent[]
  readonly listeners: Set<Listener>
  isConnected: boolean
  stop(): void
}

/** Subscriptions, each shared by all who watch a channel from the same place or from one that it has passed. */
export function createFeeds(subscribe: Transport): Feeds {
  const feeds = new Set<Feed>()

  function open(channelId: string, origin: string | null): Feed {
    const feed: Feed = { channelId, origin, history: [], listeners: new Set(), isConnected: false, stop: () => {} }
    feeds.add(feed)
    feed.stop = follow<ChannelEventsSubscription>(subscribe, {
      channelId,
      query: channelEventsDocument,
      variables: (after) => ({ channelId, after }),
      after: origin,
      read: ({ channelEvents }) => ({ cursor: channelEvents.cursor, isLast: isEnding(channelEvents) }),
      next({ channelEvents }) {
        pushJoined(feed.history, channelEvents)
        for (const listener of [...feed.listeners]) listener.event(channelEvents)
      },
      connected(isConnected) {
        feed.isConnected = isConnected
        for (const listener of [...feed.listeners]) listener.connected(isConnected)
      },
      done: (error) => end(feed, error),
    })
    return feed
  }

  function end(feed: Feed, error: BackchannelError | null): void {
    feeds.delete(feed)
    for (const listener of [...feed.listeners]) listener.done(error)
    feed.listeners.clear()
  }

  return {
    join(channelId, after, listener) {
      const found = [...feeds].find((feed) => feed.channelId === channelId && startIn(feed, after) >= 0)
      const feed = found ?? open(channelId, after)
      for (const event of feed.history.slice(startIn(feed, after))) listener.event(event)
      if (feed.isConnected) listener.connected(true)
      feed.listeners.add(listener)
      return () => {
        if (!feed.listeners.delete(listener) || feed.listeners.size > 0) return
        feeds.delete(feed)
        feed.stop()
      }
    },
    isWhole: (channelId) => [...feeds].some((feed) => feed.channelId === channelId && feed.origin === null),
    close(error) {
      for (const feed of [...feeds]) {
        feed.stop()
        end(feed, error)
      }
    },
  }
}

/** Where the events after a cursor begin in the history; -1 if they are not all there. */
function startIn({ origin, history }: Feed, after: string | null): number {
  if (after === origin) return 0
  return history.findLastIndex(({ cursor }) => cursor === after) + 1 || -1
}
