import type { DispatchError, Fact } from '../conversation/event.ts'
import type { State } from '../conversation/fold.ts'
import { noUsage, type Usage } from '../conversation/usage.ts'
import type { EventWriter, FullReason } from './event-writer.ts'

/** Discards partial messages. @param usage of the tries that said them, if nothing else counts it. */
export function discards(messageIds: readonly string[], usage: Usage = noUsage): readonly Fact[] {
  return messageIds.map((messageId, index) => ({
    type: 'message-discarded',
    messageId,
    ...(index === 0 && usage.totalTokens > 0 ? { usage: { ...usage, discardedTokens: usage.totalTokens } } : {}),
  }))
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
