import type { Delta, DispatchError, DispatchResult, Recorded } from './event.ts'
import { type EventHandlers, handleEvent } from './event-table.ts'
import type { FunctionCall } from './function.ts'
import type { ReachedLimit } from './limits.ts'
import type { Message } from './message.ts'
import type { RunStatus } from './run-status.ts'
import { addUsage, noUsage, type Usage } from './usage.ts'

/** A dispatch as a watcher sees it, including what is being said right now. */
export interface DispatchView {
  readonly status: RunStatus
  readonly attempts: number
  readonly messages: readonly ViewMessage[]
  /** The calls whose answers are awaited, in the order in which the model asked for them. */
  readonly pendingCalls: readonly FunctionCall[]
  readonly result: DispatchResult | null
  readonly error: DispatchError | null
  readonly usage: Usage
  /** The limit that has paused the run; null: none has. */
  readonly reachedLimit: ReachedLimit | null
  /** Times are in ms since 1970. */
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

export interface ViewMessage extends Message {
  readonly isComplete: boolean
}

export interface ViewBuilder {
  /** A delta's text goes where its position says, so a delta that overlaps known text changes nothing. */
  apply(recorded: Recorded): void
  view(): DispatchView
}

/** Builds a view from the events of a log, each applied once, deltas included, in their order. */
export function createViewBuilder(): ViewBuilder {
  const draft: Draft = {
    messages: new Map(),
    added: [],
    calls: new Map(),
    status: 'queued',
    attempts: 0,
    result: null,
    error: null,
    usage: noUsage,
    reachedLimit: null,
    startedAt: null,
    finishedAt: null,
  }
  return {
    apply: ({ at, event }) => handleEvent(handlers, event, draft, at),
    view: () => {
      const { messages, added, calls, ...rest } = draft
      return {
        ...rest,
        status: isWaiting(calls) ? 'waiting' : rest.status,
        messages: [...messages.values(), ...added],
        pendingCalls: [...calls.values()].flatMap(({ call, isAwaited }) => (isAwaited ? [call] : [])),
      }
    },
  }
}

interface Draft extends Mutable<Omit<DispatchView, 'messages' | 'pendingCalls'>> {
  readonly messages: Map<string, ViewMessage>
  /** Those that came after the last iteration had begun: they stand behind what it says, as in the transcript. */
  added: readonly ViewMessage[]
  readonly calls: Map<string, OpenCall>
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

const handlers: EventHandlers<[draft: Draft, at: number], void> = {
  'dispatch-queued': ({ messages }, draft) => {
    for (const message of messages) draft.messages.set(message.id, { ...message, isComplete: true })
  },
  'transcript-taken': ({ messages }, draft) => {
    const own = [...draft.messages.values()]
    draft.messages.clear()
    for (const message of messages) draft.messages.set(message.id, { ...message, isComplete: true })
    for (const message of own) draft.messages.set(message.id, message)
  },
  'messages-added': ({ messages }, draft) => {
    draft.added = [...draft.added, ...messages.map((message) => ({ ...message, isComplete: true }))]
  },
  'dispatch-started': ({ attempt }, draft, at) => {
    draft.status = 'running'
    draft.attempts = attempt
    draft.startedAt ??= at
  },
  'iteration-started': (_event, draft) => {
    draft.status = 'running'
    for (const message of draft.added) draft.messages.set(message.id, message)
    draft.added = []
  },
  'text-delta': (event, draft) => grow(draft, 'bot', event),
  'reasoning-delta': (event, draft) => grow(draft, 'reasoning', event),
  'message-completed': ({ message }, draft) => {
    draft.messages.set(message.id, { ...message, isComplete: true })
  },
  'message-discarded': ({ messageId, usage }, draft) => {
    draft.messages.delete(messageId)
    if (usage !== undefined) draft.usage = addUsage(draft.usage, usage)
  },
  'iteration-finished': ({ usage }, draft) => {
    draft.usage = addUsage(draft.usage, usage)
  },
  'function-call-requested': ({ call }, draft) => {
    draft.calls.set(call.id, { call, isAwaited: false })
  },
  'function-result-awaited': ({ call }, draft) => {
    draft.calls.set(call.id, { call, isAwaited: true })
  },
  'function-call-completed': ({ call }, draft) => answered(draft, call),
  'function-call-failed': ({ call }, draft) => answered(draft, call),
  'channel-message-published': () => {},
  'attachment-failed': () => {},
  'dispatch-paused': ({ reachedLimit, usage }, draft) => {
    Object.assign(draft, { status: 'waiting', reachedLimit, usage })
  },
  'limits-raised': ({ stillReached }, draft) => {
    if (draft.reachedLimit !== null && stillReached === null) draft.status = 'queued'
    draft.reachedLimit = stillReached
  },
  'dispatch-completed': ({ result, usage }, draft, at) => {
    end(draft, at, { status: 'completed', usage })
    draft.result = result
  },
  'dispatch-failed': ({ error, usage }, draft, at) => {
    end(draft, at, { status: 'failed', usage })
    draft.error = error
  },
  'dispatch-cancelled': ({ usage }, draft, at) => end(draft, at, { status: 'cancelled', usage }),
}

function grow({ messages }: Draft, type: 'bot' | 'reasoning', { messageId: id, position, text }: Delta): void {
  const known = messages.get(id)
  if (known?.isComplete) return
  messages.set(id, { id, type, text: (known?.text ?? '').slice(0, position) + text, isComplete: false })
}

function answered(draft: Draft, { id }: FunctionCall): void {
  const wasWaiting = isWaiting(draft.calls)
  draft.calls.delete(id)
  // The answer has woken the run, which now waits for a worker.
  if (wasWaiting && !isWaiting(draft.calls)) draft.status = 'queued'
}

function end(draft: Draft, at: number, ending: Pick<Draft, 'status' | 'usage'>): void {
  draft.calls.clear()
  Object.assign(draft, ending, { finishedAt: at, reachedLimit: null })
}

interface OpenCall {
  readonly call: FunctionCall
  readonly isAwaited: boolean
}

/** Whether the run can only wait. It parks then, which no event tells. */
function isWaiting(calls: ReadonlyMap<string, OpenCall>): boolean {
  const open = [...calls.values()].filter(({ call }) => call.answer !== 'caller')
  return open.length > 0 && open.every(({ isAwaited }) => isAwaited)
}
