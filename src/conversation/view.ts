import type { DispatchError, DispatchResult, Recorded } from './event.ts'
import type { FunctionCall } from './function.ts'
import type { Message } from './message.ts'
import type { RunStatus } from './run-status.ts'
import { addUsage, noUsage, type Usage } from './usage.ts'

/** A dispatch as a watcher sees it, what is being said right now included. */
export interface DispatchView {
  readonly status: RunStatus
  readonly attempts: number
  readonly messages: readonly ViewMessage[]
  /** The calls whose answers are awaited, in the order in which they were asked for. */
  readonly pendingCalls: readonly FunctionCall[]
  readonly result: DispatchResult | null
  readonly error: DispatchError | null
  readonly usage: Usage
  /** Times are in ms since 1970. */
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

export interface ViewMessage extends Message {
  readonly isComplete: boolean
}

export interface ViewBuilder {
  /** Deltas go where their position says, so one that overlaps what is there changes nothing. */
  apply(recorded: Recorded): void
  view(): DispatchView
}

/** Builds a view from the events of a log, each applied once, deltas included, in their order. */
export function createViewBuilder(): ViewBuilder {
  const messages = new Map<string, ViewMessage>()
  const calls = new Map<string, OpenCall>()
  let rest: Omit<DispatchView, 'messages' | 'pendingCalls'> = {
    status: 'queued',
    attempts: 0,
    result: null,
    error: null,
    usage: noUsage,
    startedAt: null,
    finishedAt: null,
  }

  return {
    apply({ at, event }) {
      switch (event.type) {
        case 'dispatch-queued':
          for (const message of event.messages) messages.set(message.id, { ...message, isComplete: true })
          break
        case 'dispatch-started':
          rest = { ...rest, status: 'running', attempts: event.attempt, startedAt: rest.startedAt ?? at }
          break
        case 'iteration-started':
          rest = { ...rest, status: 'running' }
          break
        case 'function-call-requested':
          calls.set(event.call.id, { call: event.call, isAwaited: false })
          break
        case 'function-result-awaited':
          calls.set(event.call.id, { call: event.call, isAwaited: true })
          break
        case 'function-call-completed':
        case 'function-call-failed': {
          const wasWaiting = isWaiting(calls)
          calls.delete(event.call.id)
          // The answer has woken the run: it waits for a worker now.
          if (wasWaiting && !isWaiting(calls)) rest = { ...rest, status: 'queued' }
          break
        }
        case 'channel-message-published':
        case 'attachment-failed':
          break
        case 'text-delta':
        case 'reasoning-delta': {
          const type = event.type === 'text-delta' ? 'bot' : 'reasoning'
          const was = messages.get(event.messageId)
          if (was?.isComplete) break
          const text = (was?.text ?? '').slice(0, event.position) + event.text
          messages.set(event.messageId, { id: event.messageId, type, text, isComplete: false })
          break
        }
        case 'message-completed':
          messages.set(event.message.id, { ...event.message, isComplete: true })
          break
        case 'message-discarded':
          messages.delete(event.messageId)
          break
        case 'iteration-finished':
          rest = { ...rest, usage: addUsage(rest.usage, event.usage) }
          break
        case 'dispatch-completed':
          calls.clear()
          rest = { ...rest, status: 'completed', result: event.result, usage: event.usage, finishedAt: at }
          break
        case 'dispatch-failed':
          calls.clear()
          rest = { ...rest, status: 'failed', error: event.error, usage: event.usage, finishedAt: at }
          break
        case 'dispatch-cancelled':
          calls.clear()
          rest = { ...rest, status: 'cancelled', usage: event.usage, finishedAt: at }
          break
      }
    },
    view: () => ({
      ...rest,
      status: isWaiting(calls) ? 'waiting' : rest.status,
      messages: [...messages.values()],
      pendingCalls: [...calls.values()].flatMap(({ call, isAwaited }) => (isAwaited ? [call] : [])),
    }),
  }
}

interface OpenCall {
  readonly call: FunctionCall
  readonly isAwaited: boolean
}

/** Whether the run has nothing to do but to wait: it parks then, which no event tells. */
function isWaiting(calls: ReadonlyMap<string, OpenCall>): boolean {
  const open = [...calls.values()].filter(({ call }) => call.answer !== 'caller')
  return open.length > 0 && open.every(({ isAwaited }) => isAwaited)
}
