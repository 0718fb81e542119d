import type { ChannelKey } from '../kernel/ids.ts'
import type { ChannelReads, LogPage } from './channel.ts'
import { pageLimits } from './follow.ts'
import type { Position } from './position.ts'

/**
 * Reads a log from a position to its last entry, page by page; what is appended meanwhile is read, too. No pages where there is no log.
 * Throws CURSOR_EXPIRED, as `read` does.
 */
export async function* readPages(
  log: Pick<ChannelReads, 'read'>,
  key: ChannelKey,
  from: Position | null,
): AsyncGenerator<LogPage, void> {
  for (let position = from; ; ) {
    const page = await log.read(key, position, pageLimits)
    const end = page?.entries.at(-1)
    if (page === null || end === undefined) return
    yield page
    if (end.offset >= page.last) return
    position = { epoch: page.epoch, offset: end.offset, tag: end.tag }
  }
}
