import { attachmentOf } from './attachment.ts'
import type { EarlierTurn, Fact, ForcedPhase, IterationFinished, ProviderPart, Recorded } from './event.ts'
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
 * Sums up a run's facts, in their order. Any prefix of whole units folds to a state from which the run can be
 * finished. What belongs to an iteration that has not been finished does not count: its unit never became whole.
 */
export function fold(facts: readonly Recorded<Fact>[]): State {
  let messages: readonly Message[] = []
  let earlier: readonly EarlierTurn[] = []
  let model: string | null = null
  let attachments = 0
  /** Of the iteration that is going on; null between two. */
  let unit: { readonly said: Message[]; readonly calls: CallState[] } | null = null
  const turns: Turn[] = []
  let brokenOff: readonly Message[] = []
  let usage = noUsage
  let workedMs = 0
  let attemptStartedAt: number | null = null
  let lastWorkAt = 0
  /** The same before the present fact: a new attempt ends the one before it there. */
  let workedUntil = 0

  const changeLastTurn = (change: (turn: Turn) => Partial<Turn>) => {
    const turn = turns.at(-1)
    if (turn !== undefined) turns[turns.length - 1] = { ...turn, ...change(turn) }
  }
  const changeCall = (id: string, change: Partial<CallState>) =>
    changeLastTurn(({ calls }) => ({
      calls: calls.map((state) => (state.call.id === id ? { ...state, ...change } : state)),
    }))

  for (const { at, event } of facts) {
    if (isWork(event, turns.at(-1))) lastWorkAt = at
    switch (event.type) {
      case 'dispatch-queued':
        messages = event.messages
        earlier = event.turns ?? []
        break
      case 'dispatch-started':
        if (attemptStartedAt !== null) workedMs += workedUntil - attemptStartedAt
        attemptStartedAt = at
        model = event.model
        break
      case 'iteration-started':
        unit = { said: [], calls: [] }
        break
      case 'message-completed': {
        const { message } = event
        if (unit !== null) unit.said.push(message)
        else if (turns.length === 0) {
          messages = [...messages, message]
          attachments += attachmentOf(message) === null ? 0 : 1
        } else changeLastTurn(({ activity }) => ({ activity: [...activity, message] }))
        break
      }
      case 'function-call-requested': {
        const { call, providerCallId, problem } = event
        unit?.calls.push({ call, providerCallId, problem, isAwaited: false, outcome: null })
        break
      }
      case 'iteration-finished': {
        const { finish, refusal, forced, parts } = event
        const { said, calls } = unit ?? { said: [], calls: [] }
        turns.push({
          messages: said.filter(({ type }) => type !== 'activity'),
          calls,
          activity: said.filter(({ type }) => type === 'activity'),
          finish,
          isContinuation: asksToGoOn(turns.at(-1)),
          ...(refusal === undefined ? {} : { refusal }),
          ...(forced === undefined ? {} : { forced }),
          ...(parts === undefined ? {} : { parts }),
        })
        usage = addUsage(usage, event.usage)
        unit = null
        break
      }
      case 'function-result-awaited':
        changeCall(event.call.id, { call: event.call, isAwaited: true })
        break
      case 'function-call-completed':
        changeCall(event.call.id, { outcome: { kind: 'completed', data: event.data } })
        break
      case 'function-call-failed':
        changeCall(event.call.id, { outcome: { kind: 'failed', error: event.error } })
        break
      case 'channel-message-published':
      case 'attachment-failed':
      case 'message-discarded':
        break
      case 'dispatch-completed':
      case 'dispatch-failed':
      case 'dispatch-cancelled':
        brokenOff = unit?.said ?? []
        break
    }
    workedUntil = lastWorkAt
  }
  if (attemptStartedAt !== null) workedMs += workedUntil - attemptStartedAt

  return {
    messages,
    earlier,
    model,
    attachments,
    turns,
    brokenOff,
    usage,
    workedMs,
    lastWorkAt,
    continuations: turns.filter((turn) => turn.isContinuation).length,
    emptyTurnsInARow: turns.length - 1 - turns.findLastIndex((turn) => !isEmpty(turn)),
  }
}

/** Others write to the log as well: their facts do not mean that a worker was at work. */
function isWork(event: Fact, last: Turn | undefined): boolean {
  switch (event.type) {
    case 'channel-message-published':
      return false
    case 'function-call-completed':
    case 'function-call-failed':
      return last?.calls.some(({ call, isAwaited }) => call.id === event.call.id && !isAwaited) ?? false
    case 'message-completed':
      // Stands in one unit with what its worker did, or with somebody's answer.
      return event.message.type !== 'activity'
    default:
      return true
  }
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
