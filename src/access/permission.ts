import { endUserEvent } from '../conversation/end-user-view.ts'
import type { ChannelEvent } from '../conversation/event.ts'
import { Failure } from '../kernel/errors.ts'
import { type ChannelKey, type ConversationId, parseChannelId } from '../kernel/ids.ts'
import type { ChannelPermission, ConversationPermission, Grant, Principal } from './principal.ts'

/** What a caller asks to do with one channel, or with one conversation. `read` comes with every token. Ids are as the request names them; not validated. */
export type Demand =
  | { readonly channelId: unknown; readonly permission: ChannelPermission | 'read' }
  | {
      readonly conversationId: unknown
      readonly permission: Extract<ConversationPermission, 'dispatch' | 'cancel'> | 'read'
    }

/** The conversation that the dispatch of a channel belongs to; null: none, or there is no such dispatch. */
export type ConversationOf = (key: ChannelKey) => Promise<ConversationId | null>

/**
 * The one permission check of all APIs. An API key may do everything in its account. A token may do what it allows with its own
 * channel or conversation; `demand` is null for everything else, which no token opens. Throws FORBIDDEN, or rejects with it. A
 * channel that exists and one that does not get the same answer at the same cost: the check of a channel token looks nothing up,
 * that of a conversation token looks for the record of the channel it is asked about.
 */
export function checkPermission(
  { account, grant }: Principal,
  demand: Demand | null,
  conversationOf: ConversationOf,
): Promise<void> | undefined {
  if (grant === null) return
  if (demand === null) throw notIts(grant)
  if (grant.kind === 'channel') {
    if (!('channelId' in demand) || demand.channelId !== grant.channelId) throw notIts(grant)
    requireAllowed(grant, demand)
    return
  }
  if ('conversationId' in demand) {
    if (demand.conversationId !== grant.conversationId) throw notIts(grant)
    requireAllowed(grant, demand)
    return
  }
  requireAllowed(grant, demand)
  const channel = typeof demand.channelId === 'string' ? parseChannelId(demand.channelId) : null
  if (channel === null) throw notIts(grant)
  return conversationOf({ account, channel }).then((conversation) => {
    if (conversation !== grant.conversationId) throw notIts(grant)
  })
}

function notIts({ kind }: Grant): Failure {
  const all = kind === 'channel' ? '' : ' and its channels'
  return new Failure('FORBIDDEN', `A ${kind} token opens its own ${kind}${all} only.`)
}

function requireAllowed({ kind, allow }: Grant, { permission }: Demand): void {
  if (permission === 'read' || (allow as readonly ConversationPermission[]).includes(permission)) return
  throw new Failure('FORBIDDEN', `This ${kind} token does not allow ${permission.toUpperCase()}.`)
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
