import type { DispatchError, Fact } from '../conversation/event.ts'
import type { State } from '../conversation/fold.ts'
import type { EventWriter, FullReason } from './event-writer.ts'

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

export function whatIsFull({ full }: Pick<EventWriter, 'full'>): DispatchError {
  // The writer gives these reasons only.
  return { code: 'LIMIT_EXCEEDED', message: fullMessages[full.reason as FullReason] }
}

const fullMessages: Readonly<Record<FullReason, string>> = {
  log: "The run's log has reached its limit of entries or bytes.",
  account: 'The account has stored as many bytes as it may.',
}
