import type { ChannelEvent, EventOf, EventType, Fact } from './event.ts'

/** A table with an entry for each kind of event: a new kind does not compile until every such table has it. */
export type ByEventType<Entry> = { readonly [Type in EventType]: Entry }

/** A function for each kind of event. It gets the event and the further arguments of handleEvent. */
export type EventHandlers<Rest extends readonly unknown[], Result> = Handlers<EventType, Rest, Result>

/** The same for facts only. */
export type FactHandlers<Rest extends readonly unknown[], Result> = Handlers<Fact['type'], Rest, Result>

type Handlers<Types extends EventType, Rest extends readonly unknown[], Result> = {
  readonly [Type in Types]: (event: EventOf<Type>, ...rest: Rest) => Result
}

/** Calls the handler of the event's kind. Undefined for a kind that this release does not know, because a newer one wrote it. */
export function handleEvent<Types extends EventType, Rest extends readonly unknown[], Result>(
  handlers: Handlers<Types, Rest, Result>,
  event: EventOf<Types>,
  ...rest: Rest
): Result | undefined {
  if (!Object.hasOwn(handlers, event.type)) return undefined
  // TypeScript cannot see that the handler found by `event.type` takes this event.
  const handler = handlers[event.type as Types] as (event: ChannelEvent, ...rest: Rest) => Result
  return handler(event, ...rest)
}
