import { asciiJson } from '../ascii-json.ts'
import type { StreamItem } from './stream-items.ts'
import { channelMessage, pingEvent, type WireEvent } from './translate-events.ts'

/** How a stream's events are written. */
export interface Framing {
  readonly contentType: string
  item(item: StreamItem): string
  /** Without a place in the log: what begins a stream, keeps it alive, or breaks it off. */
  other(event: WireEvent): string
}

function sse({ type, data }: WireEvent, cursor: string | null): string {
  const id = cursor === null ? '' : `id: ${cursor}\n`
  return `${id}event: ${type}\ndata: ${asciiJson(data)}\n\n`
}

const jsonl = (event: WireEvent) => `${asciiJson(event)}\n`

/** A channel's events, each in a `message`, so that whatever people publish cannot be taken for one of ours. */
export const channelFraming: Record<StreamType, Framing> = {
  jsonl: { contentType: 'application/jsonl', item: ({ event }) => jsonl(channelMessage(event)), other: jsonl },
  sse: {
    contentType: 'text/event-stream',
    item: ({ event, cursor }) => sse(channelMessage(event), cursor),
    other: (event) => sse(event, null),
  },
}

/** The events of a completion, as they are. */
export const completionFraming: Record<StreamType, Framing> = {
  jsonl: {
    contentType: 'application/jsonl',
    item: ({ event, at }) => jsonl({ ...event, createdAt: at }),
    other: jsonl,
  },
  sse: {
    contentType: 'text/event-stream',
    item: ({ event, cursor }) => sse(event, cursor),
    other: (event) => sse(event, null),
  },
}

export type StreamType = 'jsonl' | 'sse'

export const pingFrame = (framing: Framing): string => framing.other(pingEvent)
