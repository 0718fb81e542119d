import type { Context } from 'hono'
import type { ChannelPermission, Principal } from '../../access/principal.ts'
import type { AccountId, ChannelKey } from '../../kernel/ids.ts'
import { openChannel, requireAccount, requireConversation } from '../facade/caller.ts'
import type { CallerEnv } from '../facade/request-body.ts'
import type { Services } from '../services.ts'
import { channelIdIn } from './conversation/channel-id.ts'

export type RestEnv = CallerEnv

/** The account of the caller. FORBIDDEN for a token, which does not stand for the account. */
export function accountOf(context: Context<RestEnv>): AccountId {
  const principal = context.get('principal')
  requireAccount(principal)
  return principal.account
}

/** The caller, who dispatches into the conversation. FORBIDDEN if the caller's token does not open it or lacks the permission. */
export function callerIn(context: Context<RestEnv>, conversationId: unknown): Principal {
  const principal = context.get('principal')
  requireConversation(principal, conversationId, 'dispatch')
  return principal
}

/** The channel that a request names. FORBIDDEN if the caller's token does not open it or lacks the permission. */
export async function channelOf(
  context: Context<RestEnv>,
  text: string,
  demand: { readonly permission: ChannelPermission | 'read'; readonly services: Services },
): Promise<ChannelKey> {
  return openChannel(context.get('principal'), channelIdIn(text), demand)
}
