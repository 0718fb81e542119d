import { type ChannelId, parseChannelId } from '../../../kernel/ids.ts'

/** The id of the response that the run of a channel is. */
export function responseId(channel: ChannelId): string {
  return `resp_${channel}`
}

/** Null for a text that is no response's id. */
export function channelOfResponse(id: string): ChannelId | null {
  return id.startsWith('resp_') ? parseChannelId(id.slice('resp_'.length)) : null
}
