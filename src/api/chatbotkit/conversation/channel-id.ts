import { badInput } from '../../../kernel/errors.ts'
import { type ChannelId, parseChannelId } from '../../../kernel/ids.ts'

/** Parses the channel id of a path. BAD_USER_INPUT for a text that can never be one. */
export function channelIdIn(text: string): ChannelId {
  const id = parseChannelId(text)
  if (id !== null) return id
  const isShort = text.length < 16
  throw badInput([
    { path: [], message: isShort ? 'channelId is too short' : 'channelId takes 16 to 128 of A-Z a-z 0-9 _ -' },
  ])
}
