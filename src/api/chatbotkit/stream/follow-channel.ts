import { visibleEvent } from '../../../access/permission.ts'
import type { Principal } from '../../../access/principal.ts'
import { Failure } from '../../../kernel/errors.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import type { Endpoints } from '../endpoints.ts'
import { type StreamItem, type StreamPosition, streamItems } from './stream-items.ts'
import { createEventTranslator } from './translate-events.ts'

export interface ChannelReading {
  readonly key: ChannelKey
  readonly principal: Principal
  readonly start: ChannelStart
}

/** Start after a position, with the `last` newest entries, or at the beginning. */
export type ChannelStart = StreamPosition | { readonly last?: number }

export interface ChannelReader {
  /** Completes after the run's last event. Throws CURSOR_EXPIRED, and UNAUTHENTICATED once the token expires. */
  readonly items: AsyncIterable<StreamItem>
  /** Ends `items` at once, even while a read is pending. */
  stop(): void
  /** The reader's turn of the event loop, for an item that costs so much. */
  turn(costMs: number): Promise<void> | undefined
}

/** Reads a channel as the principal may see it, until the principal expires. LIMIT_EXCEEDED if the account has too many open streams. */
export function readChannel(
  {
    services: { follower, following },
    whenExpired,
    takeStream,
    turn,
  }: Pick<Endpoints, 'services' | 'whenExpired' | 'takeStream' | 'turn'>,
  { key, principal, start }: ChannelReading,
): ChannelReader {
  const from = 'position' in start ? start : null
  const batches = follower.follow(key, 'position' in start ? { after: start.position } : start)
  const isWhole = from === null && !('last' in start)
  const source = streamItems({
    batches,
    wire: createEventTranslator(key.channel),
    visible: (event) => visibleEvent(principal, event),
    facts: isWhole ? null : () => following.runs.facts(key),
    from,
  })
  const release = takeStream(principal.account)
  const stop = () => {
    release()
    void batches.return?.()
  }

  async function* whileValid(): AsyncGenerator<StreamItem, void> {
    let isExpired = false
    const forget = whenExpired(principal, () => {
      isExpired = true
      stop()
    })
    try {
      yield* source
    } finally {
      forget()
      release()
    }
    if (isExpired) throw new Failure('UNAUTHENTICATED', 'The token has expired.')
  }
  return { items: whileValid(), stop, turn: (costMs) => turn(key.account, costMs) }
}
