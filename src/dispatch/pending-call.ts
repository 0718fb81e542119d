import type { Fact } from '../conversation/event.ts'
import type { FunctionCall } from '../conversation/function.ts'
import type { ChannelId } from '../kernel/ids.ts'
import type { Run } from './run.ts'

/** A call whose answer is awaited. */
export interface PendingCall {
  /** Its deadline is set. */
  readonly call: FunctionCall
  /** The channel that the answer must be published on; null when it must be submitted. */
  readonly resultChannelId: ChannelId | null
}

/** Where an answer comes from: `submitFunctionResult`, a message on the call's channel, or the deadline. */
export type AnswerBy = 'submit' | 'channel' | 'deadline'

export interface Settlement {
  readonly callId: string
  readonly by: AnswerBy
  /** Identifies the answer: the same one again is a success, another one a conflict. Its digest, or the tag of its message. */
  readonly digest: string
  /** Whether a waiting run goes on at once, whatever else is pending. */
  readonly wakes: boolean
  readonly tag: string
  /** The answer as facts. Empty when the call was not pending. */
  readonly facts: readonly Fact[]
}

/**
 * `settled`: the call has its answer. `repeated`: it had this answer before. `conflict`: it had another answer before.
 * `unknown`: no such call waits. `late`: its deadline has passed. `early`: its deadline has not passed. `other-way`: its
 * answer must come another way. `full`: the run's log, or its account, has no room for it. `ended`: the run has ended without it.
 */
export type SettleOutcome =
  | 'settled'
  | 'repeated'
  | 'conflict'
  | 'unknown'
  | 'late'
  | 'early'
  | 'other-way'
  | 'full'
  | 'ended'

export interface SettleReply {
  readonly outcome: SettleOutcome
  /** The run afterwards; null when there is none. */
  readonly run: Run | null
}

/** The way in which a call's answer must come. */
export function answerWay({ resultChannelId }: PendingCall): AnswerBy {
  return resultChannelId === null ? 'submit' : 'channel'
}
