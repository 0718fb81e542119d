import type { Cancellation } from '../../conversation/decide.ts'
import type { ChannelEvent } from '../../conversation/event.ts'
import type { Run } from '../../dispatch/run.ts'
import type { AppendReply } from '../../dispatch/run-store.ts'
import type { MemoryPending } from './pending.ts'

/** What a record costs beside its texts, about. */
export const recordBytes = 500

export interface MemoryRun {
  control: Omit<Run, 'position'>
  /** Serialised, so that nobody shares an object with the store. */
  request: string
  claim: string | null
  seq: number
  /** The reply to the append with that seq, for the case that it is sent again. */
  reply: AppendReply
  lost: number
  open: readonly string[]
  cancelled: Cancellation | null
  readonly pending: MemoryPending
  readonly files: Map<string, Uint8Array>
}

/** What lies beside the run's log. */
export function bytesBeside({ control: { result }, request, files, pending }: MemoryRun): number {
  const ofFiles = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  return recordBytes + request.length + (result?.text.length ?? 0) + ofFiles + pending.bytes()
}

export function discardsOf({ open }: MemoryRun): readonly ChannelEvent[] {
  return open.map((messageId) => ({ type: 'message-discarded', messageId }))
}
