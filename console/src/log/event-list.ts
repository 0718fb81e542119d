import type { ChannelEvent } from 'backchannel-client'
import { formatDuration, formatNumber } from '../ui/format.ts'
import type { LoggedEvent } from './run-view.ts'

const isDelta = (event: ChannelEvent) => event.__typename === 'TextDelta' || event.__typename === 'ReasoningDelta'

/** Adds an event to a list. Pieces of a message that follow each other become one, as when the server reads them again. */
export function addEvent(events: LoggedEvent[], event: ChannelEvent): void {
  const last = events.at(-1)
  if (last !== undefined && isDelta(last.event) && isDelta(event)) {
    const [before, next] = [last.event, event] as Extract<ChannelEvent, { text: string }>[]
    if (
      before?.messageId === next?.messageId &&
      before &&
      next &&
      before.position + before.text.length === next.position
    ) {
      const joined = { ...next, position: before.position, text: before.text + next.text }
      events[events.length - 1] = { event: joined, pieces: last.pieces + 1 }
      return
    }
  }
  events.push({ event, pieces: 1 })
}

/** One line about an event, for a list of them. */
export function summaryOf({ event, pieces }: LoggedEvent): string {
  switch (event.__typename) {
    case 'TextDelta':
    case 'ReasoningDelta':
      return `${pieces > 1 ? `${formatNumber(pieces)} pieces: ` : ''}${shorten(event.text)}`
    case 'DispatchQueued':
    case 'TranscriptTaken':
    case 'MessagesAdded':
      return `${event.messages.length} ${event.messages.length === 1 ? 'message' : 'messages'}`
    case 'MessageCompleted':
      return `${event.message.type}: ${shorten(event.message.text || JSON.stringify(event.message.meta))}`
    case 'MessageDiscarded':
      return event.messageId
    case 'DispatchStarted':
      return `attempt ${event.attempt}, ${event.model}`
    case 'IterationStarted':
      return `iteration ${event.iteration}`
    case 'IterationFinished':
      return `iteration ${event.iteration}, ${formatNumber(event.usage.totalTokens)} tokens`
    case 'FunctionCallRequested':
    case 'FunctionResultAwaited':
      return `${event.call.name}(${shorten(JSON.stringify(event.call.arguments))})`
    case 'FunctionCallCompleted':
      return `${event.call.name} → ${shorten(JSON.stringify(event.data))}`
    case 'FunctionCallFailed':
      return `${event.call.name}: ${event.error.code}`
    case 'ChannelMessagePublished':
      return shorten(JSON.stringify(event.payload))
    case 'AttachmentFailed':
      return event.url
    case 'DispatchPaused':
      return `${event.reachedLimit.kind}: ${event.reachedLimit.used} of ${event.reachedLimit.allowed}`
    case 'DispatchCompleted':
      return event.result.finishReason
    case 'DispatchFailed':
      return `${event.error.code}: ${shorten(event.error.message)}`
    case 'DispatchCancelled':
      return event.reason ?? ''
    default:
      return ''
  }
}

const shorten = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}

/** Whether an event is one of those that are looked for: by its kind, or by anything that it says. */
export function matches({ event }: LoggedEvent, kind: string, text: string): boolean {
  if (kind !== '' && event.__typename !== kind) return false
  return text === '' || JSON.stringify(event).toLowerCase().includes(text.toLowerCase())
}

/** How long after the first event it was stored. */
export const offsetOf = (at: string, first: string): string => `+${formatDuration(Date.parse(at) - Date.parse(first))}`
