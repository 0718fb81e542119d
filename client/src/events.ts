import type { ChannelEventsSubscription } from './generated/operations.ts'

/** One event of a channel; `__typename` says which. The server's reference of events has each. Ignore those that you do not know. */
export type ChannelEvent = ChannelEventsSubscription['channelEvents']
type Delta = Extract<ChannelEvent, { __typename: 'TextDelta' | 'ReasoningDelta' }>

/** Whether nothing follows it. */
export function isEnding({ __typename }: { readonly __typename?: unknown }): boolean {
  return __typename === 'DispatchCompleted' || __typename === 'DispatchFailed' || __typename === 'DispatchCancelled'
}

const isDelta = (event: ChannelEvent): event is Delta =>
  event.__typename === 'TextDelta' || event.__typename === 'ReasoningDelta'

/** Adds an event to a list. Of adjacent pieces of a message it makes one, with the cursor of the last, as the server does. */
export function pushJoined(events: ChannelEvent[], event: ChannelEvent): void {
  const last = events.at(-1)
  if (last !== undefined && isDelta(last) && isDelta(event) && last.messageId === event.messageId) {
    if (last.position + last.text.length === event.position) {
      events[events.length - 1] = { ...event, position: last.position, text: last.text + event.text }
      return
    }
  }
  events.push(event)
}
