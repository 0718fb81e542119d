import { Failure } from '../kernel/errors.ts'

/**
 * A place in one log: behind the entry at `offset`. The epoch tells logs apart that had the same name, the tag tells
 * two histories of one log apart that took the same offsets. `tag` is empty when the place was counted, not read.
 */
export interface Position {
  readonly epoch: string
  readonly offset: number
  readonly tag: string
}

const cursorPattern = /^([A-Za-z0-9]{8,64})\.(0|[1-9][0-9]{0,14})\.([A-Za-z0-9]{0,64})$/

/** The position as clients keep it. They must not look inside; its form may change with a release. */
export function formatCursor({ epoch, offset, tag }: Position): string {
  return `${epoch}.${offset}.${tag}`
}

/** Null for a text that never was a cursor. Whether the log still has it, only the log can tell. */
export function parseCursor(text: string): Position | null {
  const match = cursorPattern.exec(text)
  if (match === null) return null
  const [, epoch = '', offset = '', tag = ''] = match
  return { epoch, offset: Number(offset), tag }
}

export type ExpiryReason = 'absent' | 'epoch' | 'beyond' | 'tag' | 'removed'

const expiryMessages: Record<ExpiryReason, string> = {
  absent: 'This channel has no log, so nothing can be behind the cursor.',
  epoch: 'The cursor belongs to another log: of another channel, or of this one before it was made anew.',
  beyond: 'The cursor is ahead of the log, which has gone back.',
  tag: 'The log has gone back and other events have taken the places up to the cursor.',
  removed: 'The log has been removed after its retention time.',
}

/** What a reader gets instead of a silent hole. */
export function cursorExpired(reason: ExpiryReason): Failure {
  return new Failure('CURSOR_EXPIRED', `${expiryMessages[reason]} Follow it from its beginning.`)
}
