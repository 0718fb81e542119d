import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { type ConversationOf, checkPermission } from '../../access/permission.ts'
import type { ChannelPermission, Principal } from '../../access/principal.ts'
import type { AccountId, ChannelKey } from '../../kernel/ids.ts'
import { conversationOfChannel } from '../dispatch-permission.ts'
import type { Services } from '../services.ts'
import { channelIdIn } from './conversation/channel-id.ts'

/** What Hono's context holds after authentication: `Bindings` is Node's own request. */
export interface RestEnv {
  readonly Bindings: HttpBindings
  readonly Variables: { readonly principal: Principal }
}

/** The account of the caller. FORBIDDEN for a token, which does not stand for the account. */
export function accountOf(context: Context<RestEnv>): AccountId {
  const principal = context.get('principal')
  void checkPermission(principal, null, noLookUp)
  return principal.account
}

/** The caller, who dispatches into the conversation. FORBIDDEN if the caller's token does not open it or lacks the permission. */
export function callerIn(context: Context<RestEnv>, conversationId: unknown): Principal {
  const principal = context.get('principal')
  void checkPermission(principal, { conversationId, permission: 'dispatch' }, noLookUp)
  return principal
}

/** The channel that a request names. FORBIDDEN if the caller's token does not open it or lacks the permission. */
export async function channelOf(
  context: Context<RestEnv>,
  text: string,
  { permission, services }: { readonly permission: ChannelPermission | 'read'; readonly services: Services },
): Promise<ChannelKey> {
  const principal = context.get('principal')
  const channel = channelIdIn(text)
  await checkPermission(principal, { channelId: channel, permission }, conversationOfChannel(services))
  return { account: principal.account, channel }
}

/** Only a demand about a channel needs one. */
const noLookUp: ConversationOf = async () => null
