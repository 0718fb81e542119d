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

/** Behind a place, with so many of the newest entries, or at the beginning. */
export type ChannelStart = StreamPosition | { readonly last?: number }

export interface ChannelReader {
  /** Ends after the ending; throws CURSOR_EXPIRED, and UNAUTHENTICATED once a token's time is over. */
  readonly items: AsyncIterable<StreamItem>
  /** Ends it at once, also while it is being waited for. */
  stop(): void
}

/** Reads a channel as the principal may see it, as long as it may. LIMIT_EXCEEDED where its account reads too many. */
export function readChannel(
  {
    services: { follower, following },
    whenExpired,
    takeStream,
  }: Pick<Endpoints, 'services' | 'whenExpired' | 'takeStream'>,
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
    if (isExpired) throw new Failure('UNAUTHENTICATED', 'The channel token has expired.')
  }
  return { items: whileValid(), stop }
}
