import type { Batch } from '../../src/channel/follow.ts'
import { formatCursor, parseCursor } from '../../src/channel/position.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { isDelta, isEnding } from '../../src/conversation/event-traits.ts'
import { Failure } from '../../src/kernel/errors.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import type { Seen } from '../faults/judge-history.ts'
import type { Api } from './fleet.ts'
import { inProcess } from './virtual-time.ts'

/** A client that watches a run to its end, over as many processes and connections as it takes. */
export interface Watcher {
  readonly key: ChannelKey
  readonly seen: readonly Seen[]
  /** It has seen the ending, or nothing comes. */
  readonly isDone: boolean
  readonly hasSeenEnding: boolean
  /** Whether it would connect now: it is not done, its connection does not stand, and it is not away. */
  wants(): boolean
  connect(api: Api): void
  /** Drops the connection, as a network does, and does not come back before it has been asked so many times. */
  cut(away: number): void
  /** It comes back now. */
  return(): void
  /** Begins again if it is done: the log has gone back, and the ending that it saw may be gone. */
  beginAgain(): void
  readonly connections: number
}

export interface WatcherOptions {
  readonly key: ChannelKey
  /** Whether a log that has gone back is to be expected. */
  readonly mayExpire: () => boolean
  /** Whether nothing comes for one who has seen nothing: what it watches was refused, or is removed. */
  readonly isMoot: () => boolean
  readonly onEvent: (event: ChannelEvent) => void
  readonly onDefect: (what: string) => void
  /** Whether its socket takes on the spot what ends at an offset: drawn at a delivery, the choices would not repeat. */
  readonly takesAtOnce: (offset: number) => boolean
}

export function createWatcher({ key, mayExpire, isMoot, onEvent, onDefect, takesAtOnce }: WatcherOptions): Watcher {
  let seen: Seen[] = []
  let hasSeenEnding = false
  const isDone = () => hasSeenEnding || (seen.length === 0 && isMoot())
  let connections = 0
  let away = 0
  let current: { readonly api: Api; readonly entries: AsyncIterableIterator<unknown> } | null = null

  const read = async (api: Api) => {
    const cursor = seen.at(-1)?.cursor
    const after = cursor === undefined ? null : parseCursor(cursor)
    const see = (batch: Batch) => {
      for (const { offset, tag, event } of batch.entries) {
        const place = formatCursor({ epoch: batch.position.epoch, offset, tag })
        seen.push({ cursor: place, kind: event.type, text: isDelta(event) ? event.text : undefined })
        if (isEnding(event)) hasSeenEnding = true
        onEvent(event)
      }
    }
    const entries = api.follower.follow(key, after === null ? {} : { after }, (batch) => {
      if (current !== mine || api.process.isDead || !takesAtOnce(batch.position.offset)) return false
      see(batch)
      return true
    })
    const mine = { api, entries }
    current = mine
    try {
      for await (const batch of entries) {
        if (current !== mine || api.process.isDead) return
        see(batch)
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.code === 'CURSOR_EXPIRED' && current === mine) {
        if (!mayExpire()) onDefect(`a watcher of ${key.channel} is told CURSOR_EXPIRED: ${error.message}`)
        seen = []
        hasSeenEnding = false
      }
    } finally {
      if (current === mine) current = null
    }
  }
  return {
    key,
    get seen() {
      return seen
    },
    get isDone() {
      return isDone()
    },
    get hasSeenEnding() {
      return hasSeenEnding
    },
    get connections() {
      return connections
    },
    wants() {
      away -= 1
      return !isDone() && away < 0 && (current === null || current.api.process.isDead)
    },
    connect(api) {
      connections += 1
      inProcess.run(api.process, () => void read(api).catch((error: unknown) => onDefect(String(error))))
    },
    beginAgain() {
      if (!hasSeenEnding) return
      seen = []
      hasSeenEnding = false
    },
    return() {
      away = 0
    },
    cut(times) {
      away = times
      const { entries } = current ?? {}
      current = null
      void entries?.return?.()
    },
  }
}
