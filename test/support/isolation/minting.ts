import type { ChannelPermission, ConversationPermission } from '../../../src/access/principal.ts'
import { createTokens } from '../../../src/access/token.ts'
import { limitsInput } from '../../../src/conversation/input/limits-input.ts'
import type { AccountId, ChannelId, ConversationId } from '../../../src/kernel/ids.ts'

/** A bot that there never was. */
const noBot = 'bot_AAAAAAAAAAAAAAAAAAAAAA'

interface Minted<Permission> {
  readonly allow: readonly Permission[]
  /** How long ago it was minted; it is valid for an hour. */
  readonly ageSeconds?: number
}

/** Tokens of the account `owner`, as a server with this secret mints them. */
export function minting(secret: string) {
  const account = 'owner' as AccountId
  const tokens = (ageSeconds = 0) =>
    createTokens({ secret: Buffer.from(secret), clock: () => Date.now() - ageSeconds * 1000 })
  return {
    async channel(channelId: string, { allow, ageSeconds }: Minted<ChannelPermission>): Promise<string> {
      const key = { account, channel: channelId as ChannelId }
      return (await tokens(ageSeconds).forChannel(key, { allow, expiresInSeconds: 3600 })).token
    },
    async conversation(
      conversationId: string,
      { allow, ageSeconds, botId = noBot }: Minted<ConversationPermission> & { readonly botId?: string },
    ): Promise<string> {
      const key = { account, conversation: conversationId as ConversationId }
      const limits = limitsInput.parse(null)
      return (await tokens(ageSeconds).forConversation(key, { allow, botId, limits, expiresInSeconds: 3600 })).token
    },
  }
}
