import type { ChannelEvent, DispatchResult, FinishReason } from '../../../conversation/event.ts'
import { type EventHandlers, handleEvent } from '../../../conversation/event-table.ts'
import type { CallOutcome } from '../../../conversation/fold.ts'
import type { FunctionCall } from '../../../conversation/function.ts'
import type { Message } from '../../../conversation/message.ts'
import type { Usage } from '../../../conversation/usage.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'

/** An event in the compatible form. A message that someone published goes out unchanged, unless it looks like an event of ours. */
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
  tokens: 'iteration',
  cost: 'iteration',
}

export function createEventTranslator(channel: ChannelId): EventTranslator {
  const memory: Memory = { channel, waits: new Map(), model: '', held: null, lastText: '', abort: null }
  return { accept: (event) => handleEvent(translations, event, memory) ?? [] }
}

interface Memory {
  readonly channel: ChannelId
  /** Which channel each awaited call waits on. */
  readonly waits: Map<string, ChannelId>
  model: string
  /** The function requests of the current iteration; null between iterations. */
  held: WireEvent[] | null
  lastText: string
  abort: WireEvent | null
}

const translations: EventHandlers<[memory: Memory], readonly WireEvent[]> = {
  'dispatch-queued': () => [{ type: 'sendResult', data: { text: '', entities: [], usage: { token: 0 } } }],
  'transcript-taken': () => [],
  'messages-added': () => [],
  'dispatch-started': ({ model }, memory) => {
    memory.model = model
    return []
  },
  'iteration-started': ({ iteration }, memory) => {
    memory.held = []
    return [{ type: 'completeBegin', data: idsOf(memory, iteration) }]
  },
  'text-delta': ({ text }) => [{ type: 'token', data: { type: 'bot', token: text } }],
  'reasoning-delta': ({ text }) => [{ type: 'reasoningToken', data: { type: 'bot', token: text } }],
  'message-completed': ({ message }, memory) => {
    memory.lastText = message.text
    const event = { type: 'message', data: wireMessage(message) }
    if (memory.held === null || message.type !== 'activity') return [event]
    memory.held.push(event)
    return []
  },
  // An addition of ours: it voids all tokens since the last completeBegin. The vendor has no such event.
  'message-discarded': () => [{ type: 'messageDiscarded', data: {} }],
  'iteration-finished': ({ iteration, usage: { inputTokens, outputTokens } }, memory) => {
    const requests = memory.held ?? []
    memory.held = null
    const usage = { model: memory.model, inputTokensUsed: inputTokens, outputTokensUsed: outputTokens }
    return [{ type: 'completeEnd', data: idsOf(memory, iteration) }, { type: 'usage', data: usage }, ...requests]
  },
  'function-call-requested': () => [],
  'function-result-awaited': ({ call, resultChannelId }, { waits }) => {
    if (resultChannelId === null) return []
    waits.set(call.id, resultChannelId)
    return [{ type: 'waitForChannelMessageBegin', data: waiting(resultChannelId, call) }]
  },
  'function-call-completed': ({ call, data }, memory) => answered(memory, call, { kind: 'completed', data }),
  'function-call-failed': ({ call, error }, memory) => {
    if (error.code === 'ABORTED') {
      memory.abort = { type: 'abort', data: { reason: error.message, functionName: call.name } }
    }
    return answered(memory, call, { kind: 'failed', error })
  },
  'channel-message-published': ({ payload }) => [published(payload)],
  // The message about the attachment reports it.
  'attachment-failed': () => [],
  // The vendor has no pauses. A stream stays open over one, as over a wait for an answer.
  'dispatch-paused': () => [],
  'limits-raised': () => [],
  'dispatch-completed': ({ result, usage }, { abort }) => {
    const why = result.finishReason === 'abort' ? [abort ?? { type: 'abort', data: {} }] : []
    return [...why, ...results(usage, resultOf(result))]
  },
  'dispatch-failed': ({ error: { message, code } }) => [{ type: 'error', data: { message, code } }],
  'dispatch-cancelled': ({ reason, usage }, { lastText }) => {
    const why = { type: 'abort', data: reason === null ? {} : { reason } }
    return [why, ...results(usage, { text: lastText, end: { reason: 'abort' } })]
  },
}

/** The types of the events that this API writes. Clients act on them: `result` and `error` end a stream. */
export const ownTypes: ReadonlySet<unknown> = new Set(
  `abort channelMessage completeBegin completeEnd error message messageDiscarded nop ping reasoningToken receiveResult result
   sendResult token usage waitForChannelMessageBegin waitForChannelMessageEnd`.split(/\s+/),
)

/** Whoever may publish must not be able to write what looks like an event of the run, such as its ending. The vendor has no such event. */
function published(payload: WireEvent): WireEvent {
  return ownTypes.has(payload['type']) ? { type: 'channelMessage', data: payload } : payload
}

function idsOf({ channel }: Memory, iteration: number) {
  return { instance: `in-${channel}`, iteration: `it-${channel}-${iteration}` }
}

function answered({ waits }: Memory, call: FunctionCall, outcome: CallOutcome): readonly WireEvent[] {
  const waited = waits.get(call.id)
  if (waited === undefined) return []
  const data = { ...waiting(waited, call), message: messageOf(outcome) }
  return [{ type: 'waitForChannelMessageEnd', data }]
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
  return isError ? result : (stringifyJson(result) ?? 'no result')
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
