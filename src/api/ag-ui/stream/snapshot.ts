import type { AgUiEvent } from './event.ts'
import type { AgUiMessage } from './message.ts'

/**
 * The events after which a client has these messages and no others. It keeps thoughts that a snapshot does not have, unless the
 * snapshot has thoughts; so those that it is to lose become something else first, which the next snapshot can take away.
 */
export function snapshotEvents(
  messages: readonly AgUiMessage[],
  heldReasoning: readonly string[],
): readonly AgUiEvent[] {
  const known = new Set(messages.map(({ id }) => id))
  const lost = heldReasoning.filter((id) => !known.has(id))
  const last: AgUiEvent = { type: 'MESSAGES_SNAPSHOT', messages }
  if (lost.length === 0 || messages.some(({ role }) => role === 'reasoning')) return [last]
  const others = lost.map((id): AgUiMessage => ({ id, role: 'assistant', content: '' }))
  return [{ type: 'MESSAGES_SNAPSHOT', messages: [...messages, ...others] }, last]
}
