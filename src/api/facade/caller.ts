import { type ConversationOf, checkPermission } from '../../access/permission.ts'
import type { ChannelPermission, Principal } from '../../access/principal.ts'
import type { ChannelId, ChannelKey } from '../../kernel/ids.ts'
import { conversationOfChannel } from '../dispatch-permission.ts'
import type { Services } from '../services.ts'

/** FORBIDDEN for a token, which does not stand for the account. */
export function requireAccount(principal: Principal): void {
  void checkPermission(principal, null, noLookUp)
}

/** FORBIDDEN if the caller's token does not open the conversation, or lacks the permission. @param conversationId as the request names it */
export function requireConversation(
  principal: Principal,
  conversationId: unknown,
  permission: 'dispatch' | 'cancel' | 'read',
): void {
  void checkPermission(principal, { conversationId, permission }, noLookUp)
}

/** FORBIDDEN if the caller's token does not open the channel, or lacks the permission. */
export async function openChannel(
  principal: Principal,
  channel: ChannelId,
  { permission, services }: { readonly permission: ChannelPermission | 'read'; readonly services: Services },
): Promise<ChannelKey> {
  await checkPermission(principal, { channelId: channel, permission }, conversationOfChannel(services))
  return { account: principal.account, channel }
}

/** Only a demand about a channel needs one. */
const noLookUp: ConversationOf = async () => null
