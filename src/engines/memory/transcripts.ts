import type { ChannelEvent } from '../../conversation/event.ts'
import type { NewRun } from '../../dispatch/run-store.ts'
import { type AccountId, type ChannelId, type ChannelKey, nameOf } from '../../kernel/ids.ts'
import { type NewSegment, refersTo, segmentsFor, type TranscriptPlace, withTranscript } from '../transcript.ts'
import type { MemoryLedger } from './ledger.ts'

/** Where a new run's transcript will stand, and what that costs. */
export interface MemoryPlacement {
  readonly place: TranscriptPlace
  /** Characters of the transcript. */
  readonly bytes: number
  /** By how much the list grows. */
  readonly growth: number
  /** Must be called before anything else changes. */
  commit(): void
}

export interface MemoryTranscripts {
  /** Null: the run continues nothing. */
  placeFor(key: ChannelKey, input: NewRun): MemoryPlacement | null
  /** The event as its readers know it. */
  expand(account: AccountId, event: ChannelEvent): ChannelEvent
  /** The run's log has been removed, so it needs its transcript no more. */
  release(key: ChannelKey): void
}

interface List {
  readonly segments: { readonly origin: ChannelId; readonly text: string }[]
  /** Names of the runs that need it. */
  readonly holders: Set<string>
}

export function createMemoryTranscripts(ledger: MemoryLedger): MemoryTranscripts {
  const lists = new Map<string, List>()
  const places = new Map<string, TranscriptPlace>()
  const nameOfList = (account: AccountId, root: ChannelId) => `transcript ${nameOf({ account, channel: root })}`
  const sizeOf = (segments: List['segments']) => segments.reduce((sum, { text }) => sum + text.length, 0)

  const placement = (key: ChannelKey, { origin, text, place }: NewSegment): MemoryPlacement | null => {
    const name = nameOfList(key.account, place.root)
    const list = lists.get(name) ?? { segments: [], holders: new Set<string>() }
    const known = list.segments[place.length - 1]
    const grows = list.segments.length === place.length - 1
    if (!grows && known?.origin !== origin) return null
    const growth = grows ? text.length : 0
    return {
      place,
      growth,
      bytes: sizeOf(list.segments.slice(0, place.length)) + growth,
      commit() {
        if (grows) list.segments.push({ origin, text })
        list.holders.add(nameOf(key))
        lists.set(name, list)
        places.set(nameOf(key), place)
        ledger.hold(key.account, name, sizeOf(list.segments))
      },
    }
  }

  return {
    placeFor(key, input) {
      if (input.continues === undefined) return null
      const before = places.get(nameOf({ account: key.account, channel: input.continues.channel })) ?? null
      for (const segment of segmentsFor(input, before)) {
        const fitting = placement(key, segment)
        if (fitting !== null) return fitting
      }
      throw new Error('A transcript of its own always fits.')
    },

    expand(account, event) {
      const transcript = refersTo(event)
      if (transcript === null || event.type !== 'dispatch-queued') return event
      const list = lists.get(nameOfList(account, transcript.root))
      if (list === undefined) throw new Error('A transcript is kept as long as a log refers to it.')
      return withTranscript(
        event,
        list.segments.slice(0, transcript.length).map(({ text }) => text),
      )
    },

    release(key) {
      const place = places.get(nameOf(key))
      if (place === undefined) return
      places.delete(nameOf(key))
      const name = nameOfList(key.account, place.root)
      const list = lists.get(name)
      list?.holders.delete(nameOf(key))
      if (list?.holders.size !== 0) return
      lists.delete(name)
      ledger.hold(key.account, name, 0)
    },
  }
}
