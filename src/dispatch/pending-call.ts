import type { Fact } from '../conversation/event.ts'
import type { FunctionCall } from '../conversation/function.ts'
import type { ChannelId } from '../kernel/ids.ts'
import type { Run } from './run.ts'

/** A call whose answer is awaited. */
export interface PendingCall {
  /** Its deadline is set. */
  readonly call: FunctionCall
  /** Where the answer is to be published; null when it is to be submitted. */
  readonly resultChannelId: ChannelId | null
}

/** Who answers: `submitFunctionResult`, a message on the call's channel, or nobody in time. */
export type AnswerBy = 'submit' | 'channel' | 'deadline'

export interface Settlement {
  readonly callId: string
  readonly by: AnswerBy
  /** Tells the answer: the same again is a success, another a conflict. Its own digest, or the tag of the message that brought it. */
  readonly digest: string
  /** A waiting run goes on at once, whatever else is pending. */
  readonly wakes: boolean
  readonly tag: string
  /** The answer as facts; empty when the call was not found pending. */
  readonly facts: readonly Fact[]
}

/**
 * `settled`: this was the answer. `repeated`: it was given before. `conflict`: another was given before. `unknown`: no such
 * call waits. `late`: its deadline has passed. `early`: its deadline has not. `other-way`: its answer comes another way.
 * `ended`: the run has ended without it.
 */
export type SettleOutcome = 'settled' | 'repeated' | 'conflict' | 'unknown' | 'late' | 'early' | 'other-way' | 'ended'

export interface SettleReply {
  readonly outcome: SettleOutcome
  /** As it is afterwards; null where there is no run. */
  readonly run: Run | null
}

/** How a call's answer is to come. */
export function answerWay({ resultChannelId }: PendingCall): AnswerBy {
  return resultChannelId === null ? 'submit' : 'channel'
}
