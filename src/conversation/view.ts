import type { DispatchError, DispatchResult, Recorded } from './event.ts'
import type { Message } from './message.ts'
import { addUsage, noUsage, type Usage } from './usage.ts'

export type ViewStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'

/** A dispatch as a watcher sees it, what is being said right now included. */
export interface DispatchView {
  readonly status: ViewStatus
  readonly attempts: number
  readonly messages: readonly ViewMessage[]
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
  let rest: Omit<DispatchView, 'messages'> = {
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
          rest = { ...rest, status: 'completed', result: event.result, usage: event.usage, finishedAt: at }
          break
        case 'dispatch-failed':
          rest = { ...rest, status: 'failed', error: event.error, usage: event.usage, finishedAt: at }
          break
        case 'dispatch-cancelled':
          rest = { ...rest, status: 'cancelled', usage: event.usage, finishedAt: at }
          break
      }
    },
    view: () => ({ ...rest, messages: [...messages.values()] }),
  }
}
