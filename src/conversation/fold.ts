import { attachmentOf } from './attachment.ts'
import type { EarlierTurn, Fact, ForcedPhase, IterationFinished, ProviderPart, Recorded } from './event.ts'
import { type FactHandlers, handleEvent } from './event-table.ts'
import type { CallError, FunctionCall } from './function.ts'
import type { Message } from './message.ts'
import { addUsage, noUsage, type Usage } from './usage.ts'

/** One finished model call. */
export interface Turn {
  /** What the model said; the activity of its calls stands apart. */
  readonly messages: readonly Message[]
  readonly calls: readonly CallState[]
  /** Requests and responses of its calls, in the order in which they became known. */
  readonly activity: readonly Message[]
  readonly finish: IterationFinished['finish']
  readonly refusal?: string
  readonly forced?: ForcedPhase
  readonly parts?: readonly ProviderPart[]
  /** It went on with an output that was cut, or asked again after an empty one. */
  readonly isContinuation: boolean
}

/** A call that the model asked for, and what has become of it. */
export interface CallState {
  /** With its deadline, once its answer is awaited. */
  readonly call: FunctionCall
  readonly providerCallId: string
  /** Why it will not be carried out. */
  readonly problem: CallError | null
  readonly isAwaited: boolean
  readonly outcome: CallOutcome | null
}

export type CallOutcome =
  | { readonly kind: 'completed'; readonly data: unknown }
  | { readonly kind: 'failed'; readonly error: CallError }

/** What a run has come to: all that `decide` needs to know of its past. */
export interface State {
  /** The transcript the run began with. */
  readonly messages: readonly Message[]
  /** Turns among those messages, as their providers want them back. */
  readonly earlier: readonly EarlierTurn[]
  /** The model's canonical name; null before the first attempt. */
  readonly model: string | null
  /** Attachments that have been fetched, or could not be had; their messages are among `messages`. */
  readonly attachments: number
  readonly turns: readonly Turn[]
  /** What the run's ending left of an iteration that it broke off. */
  readonly brokenOff: readonly Message[]
  readonly usage: Usage
  /** Time between each attempt's start and the last fact that its worker wrote, summed up, in ms. Parked time is not in it. */
  readonly workedMs: number
  /** When a worker last wrote a fact; 0 before the first. */
  readonly lastWorkAt: number
  readonly continuations: number
  readonly emptyTurnsInARow: number
}

/**
 * Sums up a run's facts, in their order. Any prefix of whole units folds to a state from which the run can be finished. An
 * iteration that has not been finished does not count: its unit never became whole.
 */
export function fold(facts: readonly Recorded<Fact>[]): State {
  const draft: Draft = {
    messages: [],
    earlier: [],
    model: null,
    attachments: 0,
    iteration: null,
    turns: [],
    brokenOff: [],
    usage: noUsage,
    workedMs: 0,
    attemptStartedAt: null,
    lastWorkAt: 0,
    workedUntil: 0,
  }
  for (const { at, event } of facts) {
    if (handleEvent(isWork, event, draft.turns.at(-1)) ?? true) draft.lastWorkAt = at
    handleEvent(handlers, event, draft, at)
    draft.workedUntil = draft.lastWorkAt
  }
  const { messages, earlier, model, attachments, turns, brokenOff, usage, lastWorkAt } = draft
  return {
    messages,
    earlier,
    model,
    attachments,
    turns,
    brokenOff,
    usage,
    workedMs: workedBy(draft),
    lastWorkAt,
    continuations: turns.filter((turn) => turn.isContinuation).length,
    emptyTurnsInARow: turns.length - 1 - turns.findLastIndex((turn) => !isEmpty(turn)),
  }
}

/** What is known while the facts are summed up. */
interface Draft {
  messages: readonly Message[]
  earlier: readonly EarlierTurn[]
  model: string | null
  attachments: number
  /** What the unfinished iteration has so far; null between two iterations. */
  iteration: { readonly said: Message[]; readonly calls: CallState[] } | null
  readonly turns: Turn[]
  brokenOff: readonly Message[]
  usage: Usage
  /** Of the attempts before the present one. */
  workedMs: number
  attemptStartedAt: number | null
  lastWorkAt: number
  /** `lastWorkAt` before the present fact, which is where a new attempt ends the one before it. */
  workedUntil: number
}

const handlers: FactHandlers<[draft: Draft, at: number], void> = {
  'dispatch-queued': ({ messages, turns }, draft) => {
    draft.messages = messages
    draft.earlier = turns ?? []
  },
  'dispatch-started': ({ model }, draft, at) => {
    draft.workedMs = workedBy(draft)
    draft.attemptStartedAt = at
    draft.model = model
  },
  'iteration-started': (_event, draft) => {
    draft.iteration = { said: [], calls: [] }
  },
  'message-completed': ({ message }, draft) => {
    if (draft.iteration !== null) draft.iteration.said.push(message)
    else if (draft.turns.length === 0) {
      draft.messages = [...draft.messages, message]
      draft.attachments += attachmentOf(message) === null ? 0 : 1
    } else changeLastTurn(draft, ({ activity }) => ({ activity: [...activity, message] }))
  },
  'message-discarded': () => {},
  'function-call-requested': ({ call, providerCallId, problem }, { iteration }) => {
    iteration?.calls.push({ call, providerCallId, problem, isAwaited: false, outcome: null })
  },
  'iteration-finished': ({ finish, refusal, forced, parts, usage }, draft) => {
    const { said, calls } = draft.iteration ?? { said: [], calls: [] }
    draft.turns.push({
      messages: said.filter(({ type }) => type !== 'activity'),
      calls,
      activity: said.filter(({ type }) => type === 'activity'),
      finish,
      isContinuation: asksToGoOn(draft.turns.at(-1)),
      ...(refusal === undefined ? {} : { refusal }),
      ...(forced === undefined ? {} : { forced }),
      ...(parts === undefined ? {} : { parts }),
    })
    draft.usage = addUsage(draft.usage, usage)
    draft.iteration = null
  },
  'function-result-awaited': ({ call }, draft) => changeCall(draft, call.id, { call, isAwaited: true }),
  'function-call-completed': ({ call, data }, draft) =>
    changeCall(draft, call.id, { outcome: { kind: 'completed', data } }),
  'function-call-failed': ({ call, error }, draft) =>
    changeCall(draft, call.id, { outcome: { kind: 'failed', error } }),
  'channel-message-published': () => {},
  'attachment-failed': () => {},
  'dispatch-completed': (_event, draft) => breakOff(draft),
  'dispatch-failed': (_event, draft) => breakOff(draft),
  'dispatch-cancelled': (_event, draft) => breakOff(draft),
}

/** Whether the fact shows that a worker was at work: others write to the log as well. */
const isWork: FactHandlers<[last: Turn | undefined], boolean> = {
  'dispatch-queued': () => true,
  'dispatch-started': () => true,
  'iteration-started': () => true,
  // An activity stands in one unit with what its worker did, or with somebody's answer: that fact tells.
  'message-completed': ({ message }) => message.type !== 'activity',
  'message-discarded': () => true,
  'iteration-finished': () => true,
  'function-call-requested': () => true,
  'function-result-awaited': () => true,
  'function-call-completed': ({ call }, last) => isOurs(call, last),
  'function-call-failed': ({ call }, last) => isOurs(call, last),
  'channel-message-published': () => false,
  'attachment-failed': () => true,
  'dispatch-completed': () => true,
  'dispatch-failed': () => true,
  'dispatch-cancelled': () => true,
}

/** Whether the worker itself answers the call: nobody else was announced to. */
function isOurs({ id }: FunctionCall, last: Turn | undefined): boolean {
  return last?.calls.some(({ call, isAwaited }) => call.id === id && !isAwaited) ?? false
}

/** The present attempt's work included. */
function workedBy({ workedMs, attemptStartedAt, workedUntil }: Draft): number {
  return attemptStartedAt === null ? workedMs : workedMs + workedUntil - attemptStartedAt
}

function changeLastTurn({ turns }: Draft, change: (turn: Turn) => Partial<Turn>): void {
  const turn = turns.at(-1)
  if (turn !== undefined) turns[turns.length - 1] = { ...turn, ...change(turn) }
}

function changeCall(draft: Draft, id: string, change: Partial<CallState>): void {
  changeLastTurn(draft, ({ calls }) => ({
    calls: calls.map((state) => (state.call.id === id ? { ...state, ...change } : state)),
  }))
}

function breakOff(draft: Draft): void {
  draft.brokenOff = draft.iteration?.said ?? []
}

/** Whether a model said nothing that its caller could use. */
function isEmpty(turn: Turn): boolean {
  if (turn.finish === 'filtered' || turn.calls.length > 0) return false
  return turn.messages.every((message) => message.type !== 'bot' || message.text === '')
}

/** Everything said, the transcript first, as it stands for a dispatch that continues this one. */
export function transcript({ messages, turns, brokenOff }: State): readonly Message[] {
  return [...messages, ...turns.flatMap((turn) => [...turn.messages, ...turn.activity]), ...brokenOff]
}

/** The last answer's text: that of the last turn and of the turns that it continues. */
export function answerText(state: State): string {
  const pieces: string[] = []
  for (const turn of state.turns.toReversed()) {
    pieces.unshift(...turn.messages.filter((message) => message.type === 'bot').map((message) => message.text))
    if (!turn.isContinuation) break
  }
  return pieces.join('')
}

/** Whether the turn asks for another that goes on with it. */
export function asksToGoOn(turn: Turn | undefined): boolean {
  if (turn === undefined || turn.calls.length > 0) return false
  return turn.finish === 'length' || isEmpty(turn)
}
