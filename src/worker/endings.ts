import type { DispatchError, Fact } from '../conversation/event.ts'
import type { State } from '../conversation/fold.ts'

/** Discards partial messages. */
export function discards(messageIds: readonly string[]): readonly Fact[] {
  return messageIds.map((messageId) => ({ type: 'message-discarded', messageId }))
}

/** The unit that ends a run as failed and discards its partial messages. */
export function failing(
  open: readonly string[],
  { usage }: Pick<State, 'usage'>,
  error: DispatchError,
): readonly Fact[] {
  return [...discards(open), { type: 'dispatch-failed', error, usage }]
}
