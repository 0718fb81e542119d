import { attachmentOf } from './attachment.ts'
import type { EarlierTurn, Fact, ForcedPhase, IterationFinished, ProviderPart, Recorded } from './event.ts'
import { type FactHandlers, handleEvent } from './event-table.ts'
import type { CallError, FunctionCall } from './function.ts'
import type { RaisedLimits } from './limits.ts'
import type { Message } from './message.ts'
import { addUsage, noUsage, type Usage } from './usage.ts'

/** One finished model call. */
export interface Turn {
  /** What the model said, without the activity of its calls. */
  readonly messages: readonly Message[]
  readonly calls: readonly CallState[]
  /** The requests and responses of its calls, in log order. */
  readonly activity: readonly Message[]
  /** Messages that were handed to the run after this call had begun and before the next one did. */
  readonly added: readonly Message[]
  readonly finish: IterationFinished['finish']
  readonly refusal?: string
  readonly forced?: ForcedPhase
  readonly parts?: readonly ProviderPart[]
  /** Whether it continued an output that was cut, or was asked for again after an empty one. */
  readonly isContinuation: boolean
}

/** A call that the model asked for, and its outcome so far. */
export interface CallState {
  /** Has its deadline once its answer is awaited. */
  readonly call: FunctionCall
  readonly providerCallId: string
  /** Why the call will not be carried out. */
  readonly problem: CallError | null
  readonly isAwaited: boolean
  /** Present once a person has approved the call. */
  readonly isApproved?: boolean
  readonly outcome: CallOutcome | null
}

export type CallOutcome =
  | { readonly kind: 'completed'; readonly data: unknown }
  | { readonly kind: 'failed'; readonly error: CallError }

/** The state of a run: all that `decide` needs to know of its past. */
export interface State {
  /** The transcript that the run began with, and its attachments. */
  readonly messages: readonly Message[]
  /** How many of those messages, the first ones, were said by other dispatches of its conversation. */
  readonly taken: number
  /** Turns among those messages, as their providers want them back. */
  readonly earlier: readonly EarlierTurn[]
  /** The model's canonical name; null before the first attempt. */
  readonly model: string | null
  /** How many attachments have been fetched, or have failed. Their messages are among `messages`. */
  readonly attachments: number
  readonly turns: readonly Turn[]
  /** How many messages were handed to the run since it was accepted. */
  readonly added: number
  /** Messages of the iteration that the run's ending broke off, and those that were handed to the run meanwhile. */
  readonly brokenOff: readonly Message[]
  readonly usage: Usage
  /** Limits that were set since the dispatch was accepted. */
  readonly raised: RaisedLimits
  /** For each attempt the time from its start to its worker's last fact, summed up, in ms. Parked time is not included. */
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
    taken: 0,
    earlier: [],
    model: null,
    attachments: 0,
    iteration: null,
    turns: [],
    added: 0,
    unheard: [],
    brokenOff: [],
    usage: noUsage,
    raised: {},
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
  hearAdded(draft)
  const { iteration, unheard, attemptStartedAt, workedUntil, turns, ...state } = draft
  return {
    ...state,
    turns,
    workedMs: workedBy(draft),
    continuations: turns.filter((turn) => turn.isContinuation).length,
    emptyTurnsInARow: turns.length - 1 - turns.findLastIndex((turn) => !isEmpty(turn)),
  }
}

/** The state while the facts are being summed up. */
interface Draft {
  messages: readonly Message[]
  taken: number
  earlier: readonly EarlierTurn[]
  model: string | null
  attachments: number
  /** What the unfinished iteration has so far; null between two iterations. */
  iteration: { readonly said: Message[]; readonly calls: CallState[] } | null
  readonly turns: Turn[]
  added: number
  /** Those that came after the last iteration had begun. */
  unheard: readonly Message[]
  brokenOff: readonly Message[]
  usage: Usage
  raised: RaisedLimits
  /** Of the attempts before the current one. */
  workedMs: number
  attemptStartedAt: number | null
  lastWorkAt: number
  /** `lastWorkAt` before the current fact: where the previous attempt ended, if this fact starts a new one. */
  workedUntil: number
}

const handlers: FactHandlers<[draft: Draft, at: number], void> = {
  'dispatch-queued': ({ messages, turns }, draft) => {
    draft.messages = messages
    draft.earlier = turns ?? []
  },
  'transcript-taken': ({ messages, turns }, draft) => {
    draft.messages = [...messages, ...draft.messages]
    draft.taken = messages.length
    draft.earlier = turns ?? []
  },
  'messages-added': ({ messages }, draft) => {
    draft.added += messages.length
    draft.unheard = [...draft.unheard, ...messages]
  },
  'dispatch-started': ({ model }, draft, at) => {
    draft.workedMs = workedBy(draft)
    draft.attemptStartedAt = at
    draft.model = model
  },
  'iteration-started': (_event, draft) => {
    hearAdded(draft)
    draft.iteration = { said: [], calls: [] }
  },
  'message-completed': ({ message }, draft) => {
    if (draft.iteration !== null) draft.iteration.said.push(message)
    else if (draft.turns.length === 0) {
      draft.messages = [...draft.messages, message]
      draft.attachments += attachmentOf(message) === null ? 0 : 1
    } else changeLastTurn(draft, ({ activity }) => ({ activity: [...activity, message] }))
  },
  'message-discarded': ({ usage }, draft) => {
    if (usage !== undefined) draft.usage = addUsage(draft.usage, usage)
  },
  'function-call-requested': ({ call, providerCallId, problem }, draft) => {
    if (draft.iteration === null) return changeCall(draft, call.id, { call, isAwaited: false, isApproved: true })
    draft.iteration.calls.push({ call, providerCallId, problem, isAwaited: false, outcome: null })
  },
  'iteration-finished': ({ finish, refusal, forced, parts, usage }, draft) => {
    const { said, calls } = draft.iteration ?? { said: [], calls: [] }
    draft.turns.push({
      messages: said.filter(({ type }) => type !== 'activity'),
      calls,
      activity: said.filter(({ type }) => type === 'activity'),
      added: [],
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
  // Tries without a result are included, which no other fact has.
  'dispatch-paused': ({ usage }, draft) => {
    draft.usage = usage
  },
  'limits-raised': ({ limits }, draft) => {
    // Heard as messages are: before the next model call, and before the run completes.
    draft.added += 1
    draft.raised = { ...draft.raised, ...limits }
  },
  'dispatch-completed': (_event, draft) => breakOff(draft),
  'dispatch-failed': (_event, draft) => breakOff(draft),
  'dispatch-cancelled': (_event, draft) => breakOff(draft),
}

/** Whether the fact shows that a worker was at work: others write to the log as well. */
const isWork: FactHandlers<[last: Turn | undefined], boolean> = {
  'dispatch-queued': () => true,
  'transcript-taken': () => false,
  'messages-added': () => false,
  'dispatch-started': () => true,
  'iteration-started': () => true,
  // An activity is in one unit with a worker's fact or with somebody's answer. That other fact tells which.
  'message-completed': ({ message }) => message.type !== 'activity',
  'message-discarded': () => true,
  'iteration-finished': () => true,
  // A known call was approved.
  'function-call-requested': ({ call }, last) => !last?.calls.some((known) => known.call.id === call.id),
  'function-result-awaited': () => true,
  'function-call-completed': ({ call }, last) => isOurs(call, last),
  'function-call-failed': ({ call }, last) => isOurs(call, last),
  'channel-message-published': () => false,
  'attachment-failed': () => true,
  'dispatch-paused': () => true,
  'limits-raised': () => false,
  'dispatch-completed': () => true,
  'dispatch-failed': () => true,
  'dispatch-cancelled': () => true,
}

/** Whether the worker answers the call itself: the call was never announced as awaited. */
function isOurs({ id }: FunctionCall, last: Turn | undefined): boolean {
  return last?.calls.some(({ call, isAwaited }) => call.id === id && !isAwaited) ?? false
}

/** Including the work of the current attempt. */
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

/** An iteration that begins has all that was added before it; so it stands behind the turn before, or behind the first messages. */
function hearAdded(draft: Draft): void {
  const { unheard } = draft
  if (unheard.length === 0) return
  draft.unheard = []
  if (draft.turns.length === 0) draft.messages = [...draft.messages, ...unheard]
  else changeLastTurn(draft, ({ added }) => ({ added: [...added, ...unheard] }))
}

function breakOff(draft: Draft): void {
  if (draft.iteration === null) return
  draft.brokenOff = [...draft.iteration.said, ...draft.unheard]
  draft.unheard = []
}

/** Whether a model said nothing that its caller could use. */
function isEmpty(turn: Turn): boolean {
  if (turn.finish === 'filtered' || turn.calls.length > 0) return false
  return turn.messages.every((message) => message.type !== 'bot' || message.text === '')
}

/** Everything said, the initial transcript first, as a dispatch that continues this one takes it over. */
export function transcript({ messages, turns, brokenOff }: State): readonly Message[] {
  return [...messages, ...turns.flatMap((turn) => [...turn.messages, ...turn.activity, ...turn.added]), ...brokenOff]
}

/** The text of the last answer: that of the last turn and of the turns it continues. */
export function answerText(state: State): string {
  const pieces: string[] = []
  for (const turn of state.turns.toReversed()) {
    pieces.unshift(...turn.messages.filter((message) => message.type === 'bot').map((message) => message.text))
    if (!turn.isContinuation) break
  }
  return pieces.join('')
}

/** Whether another turn must continue this one. One that is followed by messages is not gone on with: the next turn answers them. */
export function asksToGoOn(turn: Turn | undefined): boolean {
  if (turn === undefined || turn.calls.length > 0 || turn.added.length > 0) return false
  return turn.finish === 'length' || isEmpty(turn)
}
