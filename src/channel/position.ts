import { Failure } from '../kernel/errors.ts'

/**
 * A place in one log: after the entry at `offset`. The epoch tells two logs of the same name apart. The tag tells two histories
 * of one log apart that used the same offsets. It is empty when the place was computed, not read.
 */
export interface Position {
  readonly epoch: string
  readonly offset: number
  readonly tag: string
}

const cursorPattern = /^([A-Za-z0-9]{8,64})\.(0|[1-9][0-9]{0,14})\.([A-Za-z0-9]{0,64})$/

/** The position as clients keep it: an opaque text whose form may change with a release. */
export function formatCursor({ epoch, offset, tag }: Position): string {
  return `${epoch}.${offset}.${tag}`
}

/** Null for a text that is not a cursor. Only the log can tell whether it still has the position. */
export function parseCursor(text: string): Position | null {
  const match = cursorPattern.exec(text)
  if (match === null) return null
  const [, epoch = '', offset = '', tag = ''] = match
  return { epoch, offset: Number(offset), tag }
}

export type ExpiryReason = 'absent' | 'epoch' | 'beyond' | 'tag' | 'removed'

const fromBeginning = 'Follow the channel from its beginning.'

/** What happened, and what the reader can do. A removed log has no beginning, but its run's record is kept longer. */
const expiryMessages: Record<ExpiryReason, string> = {
  absent: `This channel has no log, so nothing can follow the cursor. ${fromBeginning}`,
  epoch: `The cursor belongs to another log: that of another channel, or an earlier log of this channel. ${fromBeginning}`,
  beyond: `The cursor is ahead of the log, which has gone back. ${fromBeginning}`,
  tag: `The log has gone back, and other events have taken the places up to the cursor. ${fromBeginning}`,
  removed: 'The log has been removed after its retention time. Read `dispatch`: its result is kept longer.',
}

/** The error that a reader gets instead of a silent gap. */
export function cursorExpired(reason: ExpiryReason): Failure {
  return new Failure('CURSOR_EXPIRED', expiryMessages[reason])
}
