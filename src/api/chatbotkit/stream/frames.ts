import { asciiJson } from '../ascii-json.ts'
import type { StreamItem } from './stream-items.ts'
import { channelMessage, pingEvent, type WireEvent } from './translate-events.ts'

/** How a stream writes its events. */
export interface Framing {
  readonly contentType: string
  item(item: StreamItem): string
  /** An event without a position in the log: the first one, a heartbeat, or an error. */
  other(event: WireEvent): string
}

function sse({ type, data }: WireEvent, cursor: string | null): string {
  const id = cursor === null ? '' : `id: ${cursor}\n`
  return `${id}event: ${type}\ndata: ${asciiJson(data)}\n\n`
}

const jsonl = (event: WireEvent) => `${asciiJson(event)}\n`

/** Wraps each event of a channel in a `message`, so that a published message cannot pass for an event of ours. */
export const channelFraming: Record<StreamType, Framing> = {
  jsonl: { contentType: 'application/jsonl', item: ({ event }) => jsonl(channelMessage(event)), other: jsonl },
  sse: {
    contentType: 'text/event-stream',
    item: ({ event, cursor }) => sse(channelMessage(event), cursor),
    other: (event) => sse(event, null),
  },
}

/** The events of a completion, without a wrapper. */
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
