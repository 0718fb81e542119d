import type { AgUiEvent } from './event.ts'
import type { AgUiMessage, HeldMessage } from './message.ts'

/**
 * The events after which a client that holds these messages has those ones, in their order, and no others. One snapshot is not always
 * enough: the client leaves what it holds where it stands, and keeps thoughts that a snapshot without thoughts does not have.
 */
export function snapshotEvents(messages: readonly AgUiMessage[], held: readonly HeldMessage[]): readonly AgUiEvent[] {
  const plans = [[messages], [[...messages, ...lost(messages, held)], messages], [thoughts(held), [], messages]]
  const isRight = (plan: readonly (readonly HeldMessage[])[]) =>
    namesOf(plan.reduce(applied, held)) === namesOf(messages)
  const plan = plans.find(isRight) ?? [messages]
  return plan.map((each) => ({ type: 'MESSAGES_SNAPSHOT', messages: each }))
}

/** What the stock client makes of a snapshot. */
function applied(held: readonly HeldMessage[], snapshot: readonly HeldMessage[]): readonly HeldMessage[] {
  const next = new Map(snapshot.map((message) => [message.id, message]))
  const hasThoughts = snapshot.some(isThought)
  const kept = held.flatMap((message) => next.get(message.id) ?? (isThought(message) && !hasThoughts ? message : []))
  const known = new Set(kept.map(({ id }) => id))
  return [...kept, ...snapshot.filter(({ id }) => !known.has(id))]
}

/** The thoughts that the client is to lose, as something that a snapshot can take away. */
function lost(messages: readonly AgUiMessage[], held: readonly HeldMessage[]): readonly AgUiMessage[] {
  const known = new Set(messages.map(({ id }) => id))
  return thoughts(held).filter(({ id }) => !known.has(id))
}

function thoughts(held: readonly HeldMessage[]): readonly AgUiMessage[] {
  return held.filter(isThought).map(({ id }) => ({ id, role: 'assistant', content: '' }))
}

function isThought({ role }: HeldMessage): boolean {
  return role === 'reasoning'
}

function namesOf(messages: readonly HeldMessage[]): string {
  return JSON.stringify(messages.map(({ id }) => id))
}
