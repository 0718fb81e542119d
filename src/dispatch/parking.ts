import type { DispatchPaused } from '../conversation/event.ts'
import { areNewer, type RaisedLimits } from '../conversation/limits.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { Run } from './run.ts'

export interface Park {
  readonly claim: string
  /** Of the holder's last append; 0 when there was none. If the store has another, it has lost that append. */
  readonly seq: number
  /** How many facts the holder has seen. If the log has another number, there is news. */
  readonly seenFacts: number
  /** Tag of the last of them: after a store has gone back, the same number may be other facts. */
  readonly lastTag: string
  /** A limit pauses the run: this is written in the same step. Absent: it waits for answers. */
  readonly pause?: { readonly paused: DispatchPaused; readonly tag: string }
}

export interface Raise {
  readonly limits: RaisedLimits
  /** `deadline`: the run has been paused for as long as it may. */
  readonly by: 'caller' | 'deadline'
  readonly tag: string
}

/** `early`: it has not been paused for so long. `full`: the run's log, or its account, has no room for it. `ended`: the run has ended. */
export type RaiseOutcome = 'raised' | 'early' | 'full' | 'ended'

export interface RaiseReply {
  readonly outcome: RaiseOutcome
  /** The run afterwards. */
  readonly run: Run
}

/** Whether only a worker that knows budgets, and forms of answers, may have the run. */
export function needsNewerWorker({
  limits,
  answerFormat,
}: Pick<ConversationRequest, 'limits' | 'answerFormat'>): boolean {
  return areNewer(limits) || answerFormat !== undefined
}
