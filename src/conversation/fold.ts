import type { Fact, IterationFinished, ProviderPart, Recorded } from './event.ts'
import type { Message } from './message.ts'
import { addUsage, noUsage, type Usage } from './usage.ts'

/** One finished model call. */
export interface Turn {
  readonly messages: readonly Message[]
  readonly finish: IterationFinished['finish']
  readonly parts?: readonly ProviderPart[]
  /** It went on with an output that was cut, or asked again after an empty one. */
  readonly isContinuation: boolean
}

/** What a run has come to: all that `decide` needs to know of its past. */
export interface State {
  /** The transcript the run began with. */
  readonly messages: readonly Message[]
  readonly turns: readonly Turn[]
  readonly usage: Usage
  /** Time between each attempt's start and its last fact, summed up, in ms. */
  readonly workedMs: number
  readonly continuations: number
  readonly emptyTurnsInARow: number
}

/**
 * Sums up a run's facts, in their order. Any prefix of whole units folds to a state from which the run can be
 * finished. Messages of an iteration that has not been finished do not count: their unit never became whole.
 */
export function fold(facts: readonly Recorded<Fact>[]): State {
  let messages: readonly Message[] = []
  let said: Message[] = []
  const turns: Turn[] = []
  let usage = noUsage
  let workedMs = 0
  let attemptStartedAt: number | null = null
  let lastAt = 0

  for (const { at, event } of facts) {
    switch (event.type) {
      case 'dispatch-queued':
        messages = event.messages
        break
      case 'dispatch-started':
        if (attemptStartedAt !== null) workedMs += lastAt - attemptStartedAt
        attemptStartedAt = at
        break
      case 'iteration-started':
        said = []
        break
      case 'message-completed':
        said.push(event.message)
        break
      case 'iteration-finished': {
        const { finish, parts } = event
        const turn = { messages: said, finish, isContinuation: asksToGoOn(turns.at(-1)) }
        turns.push(parts === undefined ? turn : { ...turn, parts })
        usage = addUsage(usage, event.usage)
        said = []
        break
      }
      case 'message-discarded':
      case 'dispatch-completed':
      case 'dispatch-failed':
      case 'dispatch-cancelled':
        break
    }
    lastAt = at
  }
  if (attemptStartedAt !== null) workedMs += lastAt - attemptStartedAt

  return {
    messages,
    turns,
    usage,
    workedMs,
    continuations: turns.filter((turn) => turn.isContinuation).length,
    emptyTurnsInARow: turns.length - 1 - turns.findLastIndex((turn) => !isEmpty(turn)),
  }
}

/** Whether a model said nothing that its caller could use. */
export function isEmpty(turn: Turn): boolean {
  return turn.finish !== 'filtered' && turn.messages.every((message) => message.type !== 'bot' || message.text === '')
}

/** Everything said, the transcript first, as it stands for a dispatch that continues this one. */
export function transcript(state: State): readonly Message[] {
  return [...state.messages, ...state.turns.flatMap((turn) => turn.messages)]
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

function asksToGoOn(turn: Turn | undefined): boolean {
  return turn !== undefined && (turn.finish === 'length' || isEmpty(turn))
}
