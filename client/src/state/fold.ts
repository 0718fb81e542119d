import type { ChannelEvent } from '../events.ts'
import type { DispatchStatus, MessageType } from '../generated/operations.ts'
import { isAwaited, type OpenCall, openCallsOf } from './open-calls.ts'
import type { FunctionCall, Message, Snapshot } from './snapshot.ts'

export interface Fold {
  /** Each event once, in order. */
  apply(event: ChannelEvent): void
  /** What has been applied. Messages that have not changed are the same objects as before. */
  snapshot(): Snapshot
}

/** Folds events into what a chat shows, as the server does for `dispatch`. Without a snapshot they start at the beginning. */
export function createFold(from: Snapshot | null): Fold {
  const messages = new Map(from?.messages.map((message) => [message.id, message]))
  /** What came after the last iteration had begun: it stands behind what that says, as on the server. */
  let added: readonly Message[] = []
  const calls = new Map(from === null ? [] : openCallsOf(from))
  let { status, cursor, result, error, usage } = from ?? empty

  function grow(
    type: MessageType,
    { messageId: id, position, text }: { messageId: string; position: number; text: string },
  ) {
    const known = messages.get(id)
    const before = known?.text ?? ''
    if (known?.isComplete || position > before.length) return
    put({ id, type, text: before.slice(0, position) + text, meta: null, isComplete: false })
  }
  /** What was said before comes first. */
  function putBefore(earlier: readonly Message[]) {
    const own = [...messages.values()]
    messages.clear()
    earlier.forEach(put)
    own.forEach(put)
  }
  function put(message: Message) {
    messages.set(message.id, message)
  }
  function settle({ id }: FunctionCall) {
    const wasWaiting = isWaiting(calls)
    calls.delete(id)
    // The answer has woken the run, which now waits for a worker.
    if (wasWaiting && !isWaiting(calls)) status = 'QUEUED'
  }

  function apply(event: ChannelEvent): void {
    cursor = event.cursor
    switch (event.__typename) {
      case 'DispatchQueued':
        status ??= 'QUEUED'
        event.messages.forEach(put)
        return
      case 'TranscriptTaken':
        putBefore(event.messages)
        return
      case 'MessagesAdded':
        added = [...added, ...event.messages]
        return
      case 'IterationStarted':
        added.forEach(put)
        added = []
        status = 'RUNNING'
        return
      case 'DispatchStarted':
        status = 'RUNNING'
        return
      case 'TextDelta':
        grow('BOT', event)
        return
      case 'ReasoningDelta':
        grow('REASONING', event)
        return
      case 'MessageCompleted':
        put(event.message)
        return
      case 'MessageDiscarded':
        messages.delete(event.messageId)
        return
      case 'IterationFinished':
        usage = usage === null ? event.usage : sumOf(usage, event.usage)
        return
      case 'FunctionCallRequested':
        calls.set(event.call.id, event.call.answer === 'CALLER' ? 'callers' : 'running')
        return
      case 'FunctionResultAwaited':
        calls.set(event.call.id, event.call)
        return
      case 'FunctionCallCompleted':
      case 'FunctionCallFailed':
        settle(event.call)
        return
      case 'DispatchPaused':
        status = 'WAITING'
        return
      case 'DispatchCompleted':
        result = event.result
        status = 'COMPLETED'
        break
      case 'DispatchFailed':
        error = event.error
        status = 'FAILED'
        break
      case 'DispatchCancelled':
        status = 'CANCELLED'
        break
      // The kinds that change nothing here, and those of a later server.
      default:
        return
    }
    calls.clear()
    usage = event.usage
  }

  return {
    apply,
    snapshot: () => ({
      status: isWaiting(calls) ? 'WAITING' : status,
      messages: [...messages.values(), ...added],
      pendingCalls: [...calls.values()].filter(isAwaited),
      result,
      error,
      usage,
      cursor,
    }),
  }
}

export const empty: Snapshot = {
  status: null,
  messages: [],
  pendingCalls: [],
  result: null,
  error: null,
  usage: null,
  cursor: null,
}

/** Whether the run can only wait. It parks then, which no event tells. */
function isWaiting(calls: ReadonlyMap<string, OpenCall>): boolean {
  const open = [...calls.values()]
  return open.some(isAwaited) && !open.includes('running')
}

export function hasEnded(status: DispatchStatus | null): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED'
}

/** A cost that is not known adds nothing, and two that are not known are not known together. */
function sumOf<Counts extends Readonly<Record<string, number | null>>>(one: Counts, other: Counts): Counts {
  return Object.fromEntries(
    Object.entries(one).map(([name, count]) => {
      const more = other[name] as number
      return [name, count === null ? more : count + more]
    }),
  ) as Counts
}
