import { type ChannelId, parseChannelId } from '../../../kernel/ids.ts'

/** Of a message, a thought, a call of the client's, one of the server's, and the request to approve one. */
export type ItemPrefix = 'msg' | 'rs' | 'fc' | 'mcp' | 'mcpr'

/** The id of an item that a response has put out. It ends with the response's channel, so that the item is found by its id alone. */
export function itemId(prefix: ItemPrefix, of: string, channel: ChannelId): string {
  return `${ownItemId(prefix, of)}.${channel}`
}

/** The id of an item of which nobody knows where it was said. */
export function ownItemId(prefix: ItemPrefix, of: string): string {
  return `${prefix}_${of.replace(/^(msg|call)_/, '')}`
}

/** The channel of the response that has put the item out. Null: the id names none. */
export function channelOfItem(id: string): ChannelId | null {
  const at = id.lastIndexOf('.')
  return at === -1 ? null : parseChannelId(id.slice(at + 1))
}
