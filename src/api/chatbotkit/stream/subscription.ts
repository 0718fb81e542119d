import type { Principal } from '../../../access/principal.ts'
import { pageLimits } from '../../../channel/follow.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import type { Services } from '../../services.ts'
import type { Endpoints } from '../endpoints.ts'
import { type ChannelStart, readChannel } from './follow-channel.ts'
import { channelFraming, type StreamType } from './frames.ts'
import { readerResponse } from './reader-response.ts'
import { parseStreamCursor, type StreamPosition } from './stream-items.ts'
import { nopEvent } from './translate-events.ts'

export interface SubscriptionRequest {
  readonly key: ChannelKey
  readonly principal: Principal
  readonly type: StreamType
  readonly historyLength: number | null
  /** Takes precedence over `historyLength`: a reconnecting client sends both. */
  readonly lastEventId: string | null
}

/** Streams a channel as messages. CURSOR_EXPIRED if the log does not continue from the last event's id. */
export async function subscription(
  { key, principal, type, historyLength, lastEventId }: SubscriptionRequest,
  endpoints: Omit<Endpoints, 'api'>,
): Promise<Response> {
  const { services, maskError, heartbeatMs } = endpoints
  const from = lastEventId === null || lastEventId === '' ? null : parseStreamCursor(lastEventId)
  if (from !== null && (await isAtEnd(services, key, from))) return new Response(null, { status: 204 })
  const start = from ?? (await startOf(services, key, historyLength))
  const reader = readChannel(endpoints, { key, principal, start })
  const framing = channelFraming[type]
  return readerResponse(reader, { framing, maskError, heartbeatMs, first: framing.other(nopEvent) })
}

/** Whether no more events can follow. Runs before the status is sent, so that CURSOR_EXPIRED still gets its own status. */
async function isAtEnd({ following }: Services, key: ChannelKey, { position, skip }: StreamPosition): Promise<boolean> {
  const page = await following.log.read(key, position, { ...pageLimits, maxEntries: 1 })
  return page?.isClosed === true && page.entries.length === 0 && skip === 0
}

/**
 * A dispatch is followed from its beginning, so a late client misses nothing; a plain channel from now on. `Now` is fixed before
 * the first line goes out: a client that has received that line gets everything published afterwards.
 */
async function startOf({ following }: Services, key: ChannelKey, last: number | null): Promise<ChannelStart> {
  if (last !== null && last > 0) return { last }
  const { runs, log } = following
  const [[run], [head]] = await Promise.all([runs.find([key]), log.heads([key])])
  const isFromNow = last === 0 || run == null
  if (!isFromNow || head == null) return {}
  return { position: { epoch: head.epoch, offset: head.last, tag: head.lastTag }, skip: 0 }
}
