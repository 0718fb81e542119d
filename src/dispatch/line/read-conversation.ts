import { isEnded } from '../../conversation/run-status.ts'
import type { ViewMessage } from '../../conversation/view.ts'
import type { ConversationKey } from '../../kernel/ids.ts'
import type { Run } from '../run.ts'
import { readSnapshot, type SnapshotReads } from '../snapshot.ts'
import type { Line, Lines } from './line.ts'
import type { Transcripts } from './transcripts.ts'

export interface ConversationReads extends SnapshotReads {
  readonly lines: Pick<Lines, 'find'>
  readonly transcripts: Pick<Transcripts, 'read'>
}

/** The dispatch that is at work, else the one whose turn is next; null: the conversation is idle. */
export async function currentRun({ runs }: Pick<ConversationReads, 'runs'>, line: Line): Promise<Run | null> {
  for (const { channel } of line.places) {
    const [run] = await runs.find([{ account: line.key.account, channel }])
    if (run != null && !isEnded(run.status)) return run
  }
  return null
}

/**
 * What the conversation has said, with what the dispatch at work says now. Messages of dispatches whose turn has not come are no
 * part of it.
 */
export async function conversationMessages(reads: ConversationReads, line: Line): Promise<readonly ViewMessage[]> {
  const [first] = line.places
  const channel = first === undefined ? null : { account: line.key.account, channel: first.channel }
  const [run = null] = channel === null ? [] : await reads.runs.find([channel])
  if (channel !== null && run !== null && run.turn?.isHeld === false) {
    const reading = await readSnapshot(reads, channel)
    const messages = reading?.snapshot(reading.position).messages ?? []
    if (messages.length > 0) return messages
  }
  const kept = line.transcript === null ? null : await reads.transcripts.read(line.key.account, line.transcript)
  return (kept?.messages ?? []).map((message) => ({ ...message, isComplete: true }))
}

export async function findLine(reads: Pick<ConversationReads, 'lines'>, key: ConversationKey): Promise<Line | null> {
  const [line = null] = await reads.lines.find([key])
  return line
}
