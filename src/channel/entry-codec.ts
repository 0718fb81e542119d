import type { ChannelEvent, EventType } from '../conversation/event.ts'
import { isDelta, isDeltaType } from '../conversation/event-traits.ts'
import { parseJson, stringifyJson } from '../kernel/json.ts'

/**
 * An event as an engine stores it. The payload of a fact is JSON. That of a delta is `<message id> <position> <JSON string>`,
 * so that two deltas can be joined without parsing them. Payloads contain no control characters, because these separate
 * the parts of a publication.
 */
export interface StoredEvent {
  readonly kind: EventType
  readonly payload: string
}

export function encodeEvent(event: ChannelEvent): StoredEvent {
  if (isDelta(event)) {
    return { kind: event.type, payload: `${event.messageId} ${event.position} ${stringifyJson(event.text)}` }
  }
  const { type, ...rest } = event
  return { kind: type, payload: stringifyJson(rest) }
}

export function decodeEvent({ kind, payload }: StoredEvent): ChannelEvent {
  if (!isDeltaType(kind)) {
    // Written by encodeEvent or by a script beside it, so it has the shape of its kind.
    return { type: kind, ...(parseJson(payload) as object) } as ChannelEvent
  }
  const afterId = payload.indexOf(' ')
  const afterPosition = payload.indexOf(' ', afterId + 1)
  return {
    type: kind,
    messageId: payload.slice(0, afterId),
    position: Number(payload.slice(afterId + 1, afterPosition)),
    text: parseJson(payload.slice(afterPosition + 1)) as string,
  }
}
