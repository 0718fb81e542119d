import type { ChannelLog, Head, LogEntry, LogPage, PageLimits, WatchSignal } from '../../channel/channel.ts'
import { decodeEvent, type StoredEvent } from '../../channel/entry-codec.ts'
import { joinDeltas } from '../../channel/join-deltas.ts'
import { cursorExpired, type Position } from '../../channel/position.ts'
import { isDeltaType, isEndingType } from '../../conversation/event-traits.ts'
import { type ChannelKey, nameOf } from '../../kernel/ids.ts'
import type { MemoryLedger } from './ledger.ts'
import type { MemoryTranscripts } from './transcripts.ts'

/** A stored entry. Its payload is serialised, so that nobody shares an object with the log. Its offset is its index plus 1. */
interface StoredEntry extends StoredEvent {
  readonly tag: string
  readonly at: number
}

interface MemoryLog {
  readonly epoch: string
  entries: StoredEntry[]
  factOffsets: number[]
  bytes: number
  published: { entries: number; bytes: number }
  isClosed: boolean
  /** The head at the time when the entries were removed. */
  removed: Head | null
}

export interface MemoryAppend {
  readonly tag: string
  readonly events: readonly StoredEvent[]
  /** The epoch of a new log, if the channel has none yet. */
  readonly epoch: string
}

interface LogSize {
  readonly entries: number
  readonly bytes: number
}

/** The logs of the embedded engine. Appending is synchronous, so its caller can check and write in one step. */
export interface MemoryChannels extends ChannelLog {
  append(key: ChannelKey, append: MemoryAppend): Head
  /** The facts with their positions, oldest first. Empty once the log has been removed. */
  facts(key: ChannelKey): readonly LogEntry[]
  head(key: ChannelKey): Head | null
  /** What a log holds, in entries and characters of payload: of its run, and of those who publish. */
  sizes(key: ChannelKey): { readonly own: LogSize; readonly published: LogSize }
  /** Frees the entries. The head stays, so that readers get CURSOR_EXPIRED. */
  removeEntries(key: ChannelKey): void
  /** Forgets the channel altogether. */
  forget(key: ChannelKey): void
}

export interface MemoryChannelsOptions {
  readonly clock: () => number
  readonly ledger: MemoryLedger
  readonly transcripts: Pick<MemoryTranscripts, 'expand' | 'release'>
}

export function createMemoryChannels({ clock, ledger, transcripts }: MemoryChannelsOptions): MemoryChannels {
  const logs = new Map<string, MemoryLog>()
  const listeners = new Map<string, Set<(signal: WatchSignal) => void>>()

  /** An entry as its readers know it. */
  const told =
    ({ account }: ChannelKey): Tell =>
    (stored, offset) => {
      const entry = decodeEntry(stored, offset)
      return { ...entry, event: transcripts.expand(account, entry.event) }
    }
  const publish = (name: string, signal: WatchSignal) => {
    // Asynchronous, as over a network: listeners called inside append would never meet the races that Redis has.
    const watching = [...(listeners.get(name) ?? [])]
    setImmediate(() => {
      for (const listener of watching) if (listeners.get(name)?.has(listener)) listener(signal)
    })
  }

  return {
    append(key, { tag, events, epoch }) {
      const name = nameOf(key)
      const log = logs.get(name) ?? createLog(epoch)
      logs.set(name, log)
      const at = clock()
      const { last: before, lastTag: previousTag } = headOf(log)
      for (const event of events) {
        log.entries.push({ ...event, tag, at })
        log.bytes += event.payload.length
        if (event.kind === 'channel-message-published') {
          log.published.entries += 1
          log.published.bytes += event.payload.length
        }
        if (!isDeltaType(event.kind)) log.factOffsets.push(log.entries.length)
        if (isEndingType(event.kind)) log.isClosed = true
      }
      const last = log.entries.length
      const entries = log.entries.slice(before).map((entry, index) => told(key)(entry, before + index + 1))
      publish(name, { epoch: log.epoch, previousTag, first: before + 1, last, tag, entries })
      ledger.hold(key.account, heldName(key), log.bytes)
      return headOf(log)
    },

    async heads(keys) {
      return keys.map((key) => {
        const log = logs.get(nameOf(key))
        return log === undefined ? null : headOf(log)
      })
    },

    async read(key, from, limits) {
      const log = logs.get(nameOf(key))
      if (log === undefined) {
        if (from !== null) throw cursorExpired('absent')
        return null
      }
      return readPage({ log, head: headOf(log), from, limits }, told(key))
    },

    async watch(key, listener) {
      const name = nameOf(key)
      const ofChannel = listeners.get(name) ?? new Set()
      listeners.set(name, ofChannel)
      ofChannel.add(listener)
      return () => {
        ofChannel.delete(listener)
        if (ofChannel.size === 0 && listeners.get(name) === ofChannel) listeners.delete(name)
      }
    },

    facts(key) {
      const log = logs.get(nameOf(key))
      if (log === undefined) return []
      return log.factOffsets.map((offset) => told(key)(entryAt(log, offset), offset))
    },

    head(key) {
      const log = logs.get(nameOf(key))
      return log === undefined ? null : headOf(log)
    },

    sizes(key) {
      const { entries = [], bytes = 0, published = { entries: 0, bytes: 0 } } = logs.get(nameOf(key)) ?? {}
      return { own: { entries: entries.length - published.entries, bytes: bytes - published.bytes }, published }
    },

    removeEntries(key) {
      const log = logs.get(nameOf(key))
      if (log === undefined) return
      log.removed = headOf(log)
      log.entries = []
      log.factOffsets = []
      log.bytes = 0
      log.published = { entries: 0, bytes: 0 }
      ledger.hold(key.account, heldName(key), 0)
      transcripts.release(key)
    },

    forget(key) {
      logs.delete(nameOf(key))
      ledger.hold(key.account, heldName(key), 0)
      transcripts.release(key)
    },
  }
}

type Tell = (stored: StoredEntry, offset: number) => LogEntry

interface PageRead {
  readonly log: MemoryLog
  readonly head: Head
  readonly from: Position | null
  readonly limits: PageLimits
}

function readPage({ log, head, from, limits }: PageRead, tell: Tell): LogPage {
  if (from !== null && from.epoch !== log.epoch) throw cursorExpired('epoch')
  const offset = from?.offset ?? 0
  if (offset > head.last) throw cursorExpired('beyond')
  if (log.removed !== null) throw cursorExpired('removed')
  if (from !== null && offset > 0 && from.tag !== '' && entryAt(log, offset).tag !== from.tag)
    throw cursorExpired('tag')
  const entries: LogEntry[] = []
  for (let next = offset + 1, bytes = 0; next <= head.last; next++) {
    const stored = entryAt(log, next)
    entries.push(tell(stored, next))
    bytes += stored.payload.length
    if (entries.length >= (limits.maxEntries ?? Number.POSITIVE_INFINITY) || bytes >= limits.maxBytes) break
  }
  return { ...head, entries: joinDeltas(entries) }
}

const heldName = (key: ChannelKey) => `log ${nameOf(key)}`

function createLog(epoch: string): MemoryLog {
  return {
    epoch,
    entries: [],
    factOffsets: [],
    bytes: 0,
    published: { entries: 0, bytes: 0 },
    isClosed: false,
    removed: null,
  }
}

function headOf(log: MemoryLog): Head {
  const { epoch, entries, isClosed, removed } = log
  return removed ?? { epoch, last: entries.length, lastTag: entries.at(-1)?.tag ?? '', isClosed }
}

function entryAt(log: MemoryLog, offset: number): StoredEntry {
  const entry = log.entries[offset - 1]
  if (entry === undefined) throw new Error(`The log has no entry ${offset}, though its head says so.`)
  return entry
}

function decodeEntry(stored: StoredEntry, offset: number): LogEntry {
  return { offset, tag: stored.tag, at: stored.at, event: decodeEvent(stored) }
}
