import type { ChannelEvent, DispatchResult, FinishReason } from '../../../conversation/event.ts'
import type { CallOutcome } from '../../../conversation/fold.ts'
import type { FunctionCall } from '../../../conversation/function.ts'
import type { Message } from '../../../conversation/message.ts'
import type { Usage } from '../../../conversation/usage.ts'
import type { ChannelId } from '../../../kernel/ids.ts'

/** An event in the compatible form. A message that someone published goes out unchanged. */
export type WireEvent = Readonly<Record<string, unknown>>

/**
 * Translates a channel's events into those of the compatible API, in the documented order. It keeps state: the model, the
 * channel that each call waits on, and the function requests of a turn, which follow its `completeEnd`. So every reader needs
 * its own instance, and a reader that starts in the middle of a log feeds it the earlier facts first.
 */
export interface EventTranslator {
  /** The compatible events, in order. Empty for an event that the compatible API does not have. */
  accept(event: ChannelEvent): readonly WireEvent[]
}

const endReasons: Record<FinishReason, string> = {
  stop: 'stop',
  length: 'length',
  activity: 'activity',
  abort: 'abort',
  iteration: 'iteration',
  calls: 'iteration',
  loop: 'iteration',
}

export function createEventTranslator(channel: ChannelId): EventTranslator {
  const instance = `in-${channel}`
  const waits = new Map<string, ChannelId>()
  let model = ''
  /** The function requests of the current turn; null between turns. */
  let held: WireEvent[] | null = null
  let lastText = ''
  let abort: WireEvent | null = null

  const ids = (iteration: number) => ({ instance, iteration: `it-${channel}-${iteration}` })
  const told = (message: Message): readonly WireEvent[] => {
    lastText = message.text
    const event = { type: 'message', data: wireMessage(message) }
    if (held === null || message.type !== 'activity') return [event]
    held.push(event)
    return []
  }
  const answered = (call: FunctionCall, outcome: CallOutcome): readonly WireEvent[] => {
    const waited = waits.get(call.id)
    if (waited === undefined) return []
    const data = { ...waiting(waited, call), message: messageOf(outcome) }
    return [{ type: 'waitForChannelMessageEnd', data }]
  }

  return {
    accept(event) {
      switch (event.type) {
        case 'dispatch-queued':
          return [{ type: 'sendResult', data: { text: '', entities: [], usage: { token: 0 } } }]
        case 'dispatch-started':
          model = event.model
          return []
        case 'iteration-started':
          held = []
          return [{ type: 'completeBegin', data: ids(event.iteration) }]
        case 'text-delta':
          return [{ type: 'token', data: { type: 'bot', token: event.text } }]
        case 'reasoning-delta':
          return [{ type: 'reasoningToken', data: { type: 'bot', token: event.text } }]
        case 'message-completed':
          return told(event.message)
        case 'message-discarded':
          // An addition of ours: it voids all tokens since the last completeBegin. The vendor has no such event.
          return [{ type: 'messageDiscarded', data: {} }]
        case 'iteration-finished': {
          const requests = held ?? []
          held = null
          const { inputTokens, outputTokens } = event.usage
          const usage = { model, inputTokensUsed: inputTokens, outputTokensUsed: outputTokens }
          return [{ type: 'completeEnd', data: ids(event.iteration) }, { type: 'usage', data: usage }, ...requests]
        }
        case 'function-call-requested':
          return []
        case 'function-result-awaited':
          if (event.resultChannelId === null) return []
          waits.set(event.call.id, event.resultChannelId)
          return [{ type: 'waitForChannelMessageBegin', data: waiting(event.resultChannelId, event.call) }]
        case 'function-call-completed':
          return answered(event.call, { kind: 'completed', data: event.data })
        case 'function-call-failed': {
          const { call, error } = event
          if (error.code === 'ABORTED') {
            abort = { type: 'abort', data: { reason: error.message, functionName: call.name } }
          }
          return answered(call, { kind: 'failed', error })
        }
        case 'channel-message-published':
          return [event.payload]
        case 'attachment-failed':
          // The message about the attachment reports it.
          return []
        case 'dispatch-completed': {
          const why = event.result.finishReason === 'abort' ? [abort ?? { type: 'abort', data: {} }] : []
          return [...why, ...results(event.usage, resultOf(event.result))]
        }
        case 'dispatch-failed':
          return [{ type: 'error', data: { message: event.error.message, code: event.error.code } }]
        case 'dispatch-cancelled': {
          const why = { type: 'abort', data: event.reason === null ? {} : { reason: event.reason } }
          return [why, ...results(event.usage, { text: lastText, end: { reason: 'abort' } })]
        }
      }
    },
  }
}

/** A run's result in the compatible form. The text belongs to the last message, and a call for the caller has none. */
export function resultOf({ text, finishReason }: DispatchResult) {
  return { text: finishReason === 'activity' ? '' : text, end: { reason: endReasons[finishReason] } }
}

function results({ totalTokens }: Usage, { text, end }: ReturnType<typeof resultOf>): readonly WireEvent[] {
  const data = { text, usage: { token: totalTokens }, end }
  return [
    { type: 'receiveResult', data },
    { type: 'result', data },
  ]
}

function waiting(channel: ChannelId, call: FunctionCall) {
  return { channel, function: { name: call.name, args: call.arguments } }
}

/** A message with the same meaning as the published one. Only the meaning was stored, so the form may differ. */
function messageOf(outcome: CallOutcome): unknown {
  if (outcome.kind === 'failed') {
    const { code, message } = outcome.error
    return code === 'ABORTED' ? { abort: message } : { error: message }
  }
  const { data } = outcome
  const isMessage = typeof data === 'object' && data !== null && !Array.isArray(data)
  return isMessage && !['abort', 'error', 'result'].some((key) => key in data) ? data : { result: data }
}

function wireMessage({ type, text, meta = {} }: Message) {
  const activity = meta['activity'] as Activity | undefined
  if (type !== 'activity' || activity?.type !== 'response') return { type, text, meta }
  const { function: called } = activity
  const result = resultText(called['result'])
  return { type, text, meta: { ...meta, activity: { ...activity, function: { ...called, result } } } }
}

interface Activity {
  readonly type?: unknown
  readonly function: Readonly<Record<string, unknown>>
}

/** The compatible API carries a result as JSON text, and an error as an object. */
function resultText(result: unknown): unknown {
  const isError = typeof result === 'object' && result !== null && 'error' in result && Object.keys(result).length === 1
  return isError ? result : (JSON.stringify(result) ?? 'no result')
}

/** The last event of a stream that cannot continue. */
export function errorEvent(error: { readonly message: string; readonly code: string }): WireEvent {
  return { type: 'error', data: error }
}

/** Wraps an event for subscribers of a channel. */
export function channelMessage(event: WireEvent): WireEvent {
  return { type: 'message', data: event }
}

export const nopEvent: WireEvent = { type: 'nop', data: {} }
export const pingEvent: WireEvent = { type: 'ping', data: {} }
