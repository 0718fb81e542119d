import type { OutcomeCode } from '../kernel/errors.ts'
import type { DispatchResult, FinishReason, ForcedPhase } from './event.ts'
import { answerText, asksToGoOn, type CallState, type State } from './fold.ts'
import type { AnswerKind, FunctionSpec } from './function.ts'
import type { LimitKind, ReachedLimit } from './limits.ts'
import { affordableOutput } from './price.ts'
import { repeatsItself } from './repetition.ts'
import type { ConversationRequest } from './request.ts'
import { addUsage, type Usage } from './usage.ts'

/** The next step of a run. */
export type Step =
  | { readonly kind: 'discard'; readonly messageIds: readonly string[] }
  | { readonly kind: 'load-attachments'; readonly urls: readonly string[] }
  | {
      readonly kind: 'call-model'
      readonly iteration: number
      readonly isContinuation: boolean
      /** The function that the model must call, and the phase that requires it. */
      readonly forced: { readonly phase: ForcedPhase; readonly name: string } | null
      /** Tokens or cost are limited. `maxOutputTokens`: what that leaves the model to write; null: more than it is worth to tell it. */
      readonly budget?: { readonly maxOutputTokens: number | null }
    }
  /** First announce all of `awaits`, so that they can be answered; then carry out `run` concurrently. */
  | { readonly kind: 'call-functions'; readonly awaits: readonly CallState[]; readonly run: readonly CallState[] }
  /** The run can only wait for these calls. `until` is their earliest deadline, in ms since 1970. */
  | { readonly kind: 'park'; readonly calls: readonly CallState[]; readonly until: number }
  /** A limit is used up, and the run waits until it is raised. `usage` is what it has used by now. */
  | { readonly kind: 'pause'; readonly reachedLimit: ReachedLimit; readonly usage: Usage }
  /** The run's caller carries `requests` out and continues with another dispatch. */
  | { readonly kind: 'complete'; readonly result: DispatchResult; readonly requests: readonly CallState[] }
  | { readonly kind: 'fail'; readonly code: OutcomeCode; readonly message: string }
  | { readonly kind: 'cancel'; readonly reason: string | null }

/** The run waits, without a worker: for answers, or for its limits to be raised. */
export type ParkStep = Step & { kind: 'park' | 'pause' }

export interface Cancellation {
  /** The reason that the caller gave, if any. */
  readonly reason: string | null
}

/** What the facts of a run do not contain. */
export interface Signals {
  /** Partial messages: they have deltas in the log, but are neither completed nor discarded. */
  readonly open: readonly string[]
  /** Set once somebody has cancelled the run. */
  readonly cancelled: Cancellation | null
  /** Time worked in this attempt since its last fact, in ms. */
  readonly workedMs: number
  /** What tries without a result have used, which no fact has yet. */
  readonly spent: Usage
}

/** How many empty turns in a row end the run. Before that, an empty answer is asked for again as a continuation. */
const emptyTurnsInARow = 3

type Row = (state: State, request: ConversationRequest, signals: Signals) => Step | null

/** The decision table of the protocol (src/worker/README.md). The first row that returns a step wins. */
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
  function aborted(state) {
    const isAborted = lastCalls(state).some(
      ({ outcome }) => outcome?.kind === 'failed' && outcome.error.code === 'ABORTED',
    )
    return isAborted ? complete(state, 'abort') : null
  },
  function toBeCalled(state, request) {
    const open = openCalls(state)
    const run = open.filter((call) => !waits(call, request) && (call.problem !== null || call.call.answer !== 'caller'))
    const awaits = open.filter((call) => waits(call, request) && !call.isAwaited)
    return run.length + awaits.length > 0 ? { kind: 'call-functions', awaits, run } : null
  },
  function awaited(state, request) {
    const calls = openCalls(state).filter((call) => waits(call, request))
    if (calls.length === 0) return null
    return { kind: 'park', calls, until: Math.min(...calls.map(({ call }) => call.deadline ?? 0)) }
  },
  function forTheCaller(state) {
    const requests = openCalls(state)
    return requests.length > 0 ? { ...complete(state, 'activity'), requests } : null
  },
  function attached(state, request) {
    const urls = request.attachments.slice(state.attachments)
    return urls.length > 0 ? { kind: 'load-attachments', urls } : null
  },
  function firstTurn(state, request) {
    return state.turns.length === 0 ? callModel(state, { forced: nextForced(state, request, 'start') }) : null
  },
  function filtered(state) {
    const last = state.turns.at(-1)
    if (last?.finish !== 'filtered') return null
    const message = last.refusal ?? "The provider's content filter stopped the model."
    return { kind: 'fail', code: 'MODEL_REJECTED', message }
  },
  function added(state, request) {
    if (!hasAdded(state)) return null
    return callModel(state, { forced: nextForced(state, request, 'start') })
  },
  function answered(state, request) {
    if (lastCalls(state).length === 0) return null
    if (repeatsItself(state.turns)) return complete(state, 'loop')
    return callModel(state, { forced: nextForced(state, request, 'start') })
  },
  function cut(state, request) {
    const last = state.turns.at(-1)
    if (last?.finish !== 'length' || !asksToGoOn(last)) return null
    if (state.continuations >= request.limits.continuations) return complete(state, 'length')
    return callModel(state, { isContinuation: true })
  },
  function empty(state, request) {
    if (!asksToGoOn(state.turns.at(-1))) return null
    if (state.emptyTurnsInARow >= emptyTurnsInARow) return null
    if (state.continuations >= request.limits.continuations) return null
    return callModel(state, { isContinuation: true })
  },
  function toBeForced(state, request) {
    const forced = nextForced(state, request, 'start') ?? nextForced(state, request, 'end')
    return forced === null ? null : callModel(state, { forced })
  },
]

/** Pure: the same facts and signals give the same step on every worker. */
export function decide(state: State, asked: ConversationRequest, signals: Signals): Step {
  const request = { ...asked, limits: { ...asked.limits, ...state.raised } }
  for (const row of rows) {
    const step = row(state, request, signals)
    if (step !== null) return step.kind === 'call-model' ? withinLimits(state, request, signals, step) : step
  }
  return complete(state, 'stop')
}

type ModelStep = Step & { kind: 'call-model' }

/** The model call, if the limits leave one. They are looked at in the order of `finishReasons`. */
function withinLimits(state: State, request: ConversationRequest, { spent }: Signals, step: ModelStep): Step {
  const { limits, price } = request
  const usage = addUsage(state.usage, spent)
  const used: Readonly<Record<LimitKind, number>> = {
    iterations: state.turns.length,
    // A limit of no calls at all leaves the model its first answer, and one to what it was told meanwhile.
    calls: lastCalls(state).length === 0 || hasAdded(state) ? Number.NEGATIVE_INFINITY : usage.calls,
    tokens: usage.totalTokens,
    cost: usage.cost ?? 0,
  }
  for (const kind of Object.keys(finishReasons) as LimitKind[]) {
    const allowed = limits[kind]
    if (allowed === undefined || used[kind] < allowed) continue
    if (limits.whenReached !== 'pause') return complete(state, finishReasons[kind])
    return { kind: 'pause', reachedLimit: { kind, used: used[kind], allowed }, usage }
  }
  const left = Math.min(
    (limits.tokens ?? Number.POSITIVE_INFINITY) - used.tokens,
    price === undefined
      ? Number.POSITIVE_INFINITY
      : affordableOutput(price, (limits.cost ?? Number.POSITIVE_INFINITY) - used.cost),
  )
  if (left === Number.POSITIVE_INFINITY) return step
  const maxOutputTokens = left > mostOutput ? null : Math.max(leastOutput, Math.floor(left))
  return { ...step, budget: { maxOutputTokens } }
}

/** Providers refuse a maximum that is less than they take, or more than their model can write: these are taken by all that we know. */
const leastOutput = 16
const mostOutput = 4096

const finishReasons: Readonly<Record<LimitKind, FinishReason>> = {
  iterations: 'iteration',
  calls: 'calls',
  tokens: 'tokens',
  cost: 'cost',
}

function callModel(state: State, how: { isContinuation?: boolean; forced?: ReturnType<typeof nextForced> }): ModelStep {
  const { isContinuation = false, forced = null } = how
  return { kind: 'call-model', iteration: state.turns.length + 1, isContinuation, forced }
}

function complete(state: State, finishReason: FinishReason) {
  return { kind: 'complete', result: { text: answerText(state), finishReason }, requests: [] } as const
}

/** Counts rounds, not calls, so that a model which ignores the forced function cannot loop for ever. */
function nextForced(state: State, request: ConversationRequest, phase: ForcedPhase) {
  const done = state.turns.filter(({ forced }) => forced === phase).length
  const next = request.functions.filter((spec: FunctionSpec) => spec[phase])[done]
  return next === undefined ? null : { phase, name: next.name }
}

function lastCalls(state: State): readonly CallState[] {
  return state.turns.at(-1)?.calls ?? []
}

/** Whether messages were handed to the run since its last model call began. */
function hasAdded(state: State): boolean {
  return (state.turns.at(-1)?.added.length ?? 0) > 0
}

function openCalls(state: State): readonly CallState[] {
  return lastCalls(state).filter(({ outcome }) => outcome === null)
}

const comesFromOutside: Record<AnswerKind, boolean> = {
  static: false,
  ability: false,
  caller: false,
  channel: true,
  submit: true,
}

function waits({ call, problem, isApproved = false }: CallState, { functions }: ConversationRequest): boolean {
  if (problem !== null) return false
  if (comesFromOutside[call.answer]) return true
  return !isApproved && functions.some(({ name, needsApproval }) => name === call.name && needsApproval === true)
}
