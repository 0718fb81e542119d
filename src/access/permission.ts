import { endUserEvent } from '../conversation/end-user-view.ts'
import type { ChannelEvent } from '../conversation/event.ts'
import { Failure } from '../kernel/errors.ts'
import type { ChannelPermission, Principal } from './principal.ts'

/** What a caller asks to do with one channel. `read` comes with every channel token. */
export interface Demand {
  /** As the request names it; not validated. */
  readonly channelId: unknown
  readonly permission: ChannelPermission | 'read'
}

/**
 * The one permission check of all APIs. An API key may do everything in its account. A channel token may do what it
 * allows on its own channel; `demand` is null for everything else, which no channel token opens. Throws FORBIDDEN. The
 * check uses the token's claims only and looks nothing up, so a channel that exists and one that does not get the same
 * answer at the same cost.
 */
export function checkPermission({ grant }: Principal, demand: Demand | null): void {
  if (grant === null) return
  if (demand === null || demand.channelId !== grant.channelId) {
    throw new Failure('FORBIDDEN', 'A channel token opens its own channel only.')
  }
  const { permission } = demand
  if (permission === 'read' || grant.allow.includes(permission)) return
  throw new Failure('FORBIDDEN', `This channel token does not allow ${permission.toUpperCase()}.`)
}

/** Whether the caller sees the account's side of a dispatch, such as its bot and its contact. */
export function seesAccount({ grant }: Principal): boolean {
  return grant === null
}

/** The event as the principal may see it; null: hidden. */
export function visibleEvent(principal: Principal, event: ChannelEvent): ChannelEvent | null {
  return seesAccount(principal) ? event : endUserEvent(event)
}

/** The entries as the principal may see them, without hidden ones. Positions stay. */
export function visibleEntries<Entry extends { readonly event: ChannelEvent }>(
  principal: Principal,
  entries: readonly Entry[],
): readonly Entry[] {
  if (seesAccount(principal)) return entries
  return entries.flatMap((entry) => {
    const event = visibleEvent(principal, entry.event)
    return event === null ? [] : { ...entry, event }
  })
}
