import type { OutcomeCode } from '../errors.ts'
import type { DispatchResult, FinishReason } from './event.ts'
import { answerText, isEmpty, type State } from './fold.ts'
import { emptyTurnsInARow } from './limits.ts'
import type { ConversationRequest } from './request.ts'

/** What is to be done next with a run. */
export type Step =
  | { readonly kind: 'discard'; readonly messageIds: readonly string[] }
  | { readonly kind: 'call-model'; readonly iteration: number; readonly isContinuation: boolean }
  | { readonly kind: 'complete'; readonly result: DispatchResult }
  | { readonly kind: 'fail'; readonly code: OutcomeCode; readonly message: string }
  | { readonly kind: 'cancel'; readonly reason: string | null }

export interface Cancellation {
  /** The caller's words, if any. */
  readonly reason: string | null
}

/** What a run's facts do not tell. */
export interface Signals {
  /** Messages that have deltas in the log but neither an end nor a discard. */
  readonly open: readonly string[]
  /** The caller's wish that the run be cancelled. */
  readonly cancelled: Cancellation | null
  /** Work in this attempt since its last fact, in ms. */
  readonly workedMs: number
}

type Row = (state: State, request: ConversationRequest, signals: Signals) => Step | null

/**
 * The decision table of the protocol (src/worker/README.md): the first row that answers wins. The rows of function
 * calls stand between `timeout` and `firstTurn`, and between `filtered` and `cut`, once there are functions.
 */
const rows: readonly Row[] = [
  function halfSaid(_state, _request, { open }) {
    return open.length > 0 ? { kind: 'discard', messageIds: open } : null
  },
  function asked(_state, _request, { cancelled }) {
    return cancelled === null ? null : { kind: 'cancel', reason: cancelled.reason }
  },
  function timeout(state, request, signals) {
    if (request.timeoutSeconds === null) return null
    if (state.workedMs + signals.workedMs < request.timeoutSeconds * 1000) return null
    return { kind: 'fail', code: 'TIMEOUT', message: `The run was given up after ${request.timeoutSeconds} s of work.` }
  },
  function firstTurn(state) {
    return state.turns.length === 0 ? callModel(state, false) : null
  },
  function filtered(state) {
    if (state.turns.at(-1)?.finish !== 'filtered') return null
    return { kind: 'fail', code: 'MODEL_REJECTED', message: "The provider's content filter stopped the model." }
  },
  function cut(state, request) {
    if (state.turns.at(-1)?.finish !== 'length') return null
    if (state.continuations >= request.limits.continuations) return complete(state, 'length')
    return callAgain(state, request)
  },
  function empty(state, request) {
    const last = state.turns.at(-1)
    if (last === undefined || !isEmpty(last)) return null
    if (state.emptyTurnsInARow >= emptyTurnsInARow) return null
    if (state.continuations >= request.limits.continuations) return null
    return callAgain(state, request)
  },
]

/** Pure: the same facts and signals always give the same step, on whichever worker. */
export function decide(state: State, request: ConversationRequest, signals: Signals): Step {
  for (const row of rows) {
    const step = row(state, request, signals)
    if (step !== null) return step
  }
  return complete(state, 'stop')
}

function callModel(state: State, isContinuation: boolean): Step {
  return { kind: 'call-model', iteration: state.turns.length + 1, isContinuation }
}

function callAgain(state: State, request: ConversationRequest): Step {
  return state.turns.length >= request.limits.iterations ? complete(state, 'iteration') : callModel(state, true)
}

function complete(state: State, finishReason: FinishReason): Step {
  return { kind: 'complete', result: { text: answerText(state), finishReason } }
}
