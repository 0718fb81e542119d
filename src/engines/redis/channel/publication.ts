import type { LogEntry, Publication, WatchSignal } from '../../../channel/channel.ts'
import { decodeEvent } from '../../../channel/entry-codec.ts'
import type { EventType } from '../../../conversation/event.ts'
import { refersTo } from '../../transcript.ts'

/**
 * What `append.lua` publishes: parts separated by U+001F, which no payload holds. Text of any other form counts as a missed
 * publication.
 */
export function decodePublication(text: string): WatchSignal {
  const [epoch = '', previousTag = '', first, last, tag = '', at, ...events] = text.split('\u001f')
  const publication: Omit<Publication, 'entries'> = {
    epoch,
    previousTag,
    first: Number(first),
    last: Number(last),
    tag,
  }
  if (!(publication.first >= 1) || !(publication.last >= publication.first)) return 'interrupted'
  if (events.length === 0) return { ...publication, entries: null }
  const entries: LogEntry[] = []
  for (let i = 0; i + 1 < events.length; i += 2) {
    const [kind = '', payload = ''] = events.slice(i, i + 2)
    const event = decodeEvent({ kind: kind as EventType, payload })
    // Its readers need what it refers to, and read it.
    if (refersTo(event) !== null) return { ...publication, entries: null }
    entries.push({ offset: publication.first + i / 2, tag, at: Number(at), event })
  }
  return { ...publication, entries }
}
