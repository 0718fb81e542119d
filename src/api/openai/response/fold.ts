import type { ChannelEvent, Delta, DispatchError } from '../../../conversation/event.ts'
import { type EventHandlers, handleEvent } from '../../../conversation/event-table.ts'
import type { CallOutcome } from '../../../conversation/fold.ts'
import type { FunctionCall } from '../../../conversation/function.ts'
import type { Usage } from '../../../conversation/usage.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { type Echo, readEcho } from '../request/echo.ts'
import { createOutput, type Output, type ResponseEvent } from './output.ts'
import { approvalRequest, callError, clientCall, serverCall } from './output-item.ts'
import { endOf, type ResponseObject, type ResponseState, type ResponseStatus } from './response-object.ts'
import { createSpeaking, type Speaking } from './speaking.ts'

export interface ResponseFold {
  /**
   * The events that the next entry of the log becomes. An event of text has all chunks that are known; cut into these (`wireEvents`), the
   * events of a log are the same however its deltas have been joined, and for everybody who may read it.
   */
  accept(event: ChannelEvent, at: number): readonly ResponseEvent[]
  response(): ResponseObject
  /** Whether the run can only wait, and some of what it waits for are answers of its client. */
  isWaiting(): boolean
}

/** Reads a log from its beginning. Pure: no clock, no I/O. */
export function createResponseFold(
  channel: ChannelId,
  objectOf: (state: ResponseState) => ResponseObject,
): ResponseFold {
  const output = createOutput()
  const draft: Draft = {
    ...output,
    channel,
    speaking: createSpeaking(output, channel),
    status: 'queued',
    usage: null,
    error: null,
    incompleteBecause: null,
    finishedAt: null,
    echo: {},
    calls: new Map(),
    response: () => objectOf({ ...draft, output: draft.items.flatMap((item) => item ?? []) }),
  }
  return {
    accept(event, at) {
      handleEvent(handlers, event, draft, at)
      return draft.events.splice(0)
    },
    response: () => {
      const said = draft.speaking.unfinished()
      return objectOf({ ...draft, output: draft.items.flatMap((item, index) => said.get(index) ?? item ?? []) })
    },
    isWaiting: () => {
      const open = [...draft.calls.values()]
      return open.some(({ isClients }) => isClients) && open.every(({ isAwaited }) => isAwaited)
    },
  }
}

interface Draft extends Output, Omit<ResponseState, 'output'> {
  readonly channel: ChannelId
  readonly events: ResponseEvent[]
  readonly speaking: Speaking
  status: ResponseStatus
  usage: Usage | null
  error: DispatchError | null
  incompleteBecause: ResponseState['incompleteBecause']
  finishedAt: number | null
  echo: Echo
  /** The calls without an answer, by their ids; not those that are left to the run's caller, as the run ends with them. */
  readonly calls: Map<string, OpenCall>
  response(): ResponseObject
}

interface OpenCall {
  /** Of its item. Null: it has ended with the call. */
  readonly index: number | null
  /** The client answers it, or approves it. */
  readonly isClients: boolean
  readonly isAwaited: boolean
}

const handlers: EventHandlers<[draft: Draft, at: number], void> = {
  'dispatch-queued': ({ echo }, draft) => {
    draft.echo = readEcho(echo)
    draft.sequence.begin()
    draft.emit('response.created', { response: draft.response() })
    draft.emit('response.queued', { response: draft.response() })
  },
  'transcript-taken': () => {},
  'messages-added': () => {},
  'dispatch-started': (_event, draft) => {
    const isFirst = draft.status === 'queued'
    draft.status = 'in_progress'
    if (!isFirst) return
    draft.sequence.begin()
    draft.emit('response.in_progress', { response: draft.response() })
  },
  'iteration-started': () => {},
  'text-delta': (delta: Delta, { speaking }) => speaking.grow('bot', delta),
  'reasoning-delta': (delta: Delta, { speaking }) => speaking.grow('reasoning', delta),
  'message-completed': ({ message }, { speaking }) => speaking.complete(message),
  'message-discarded': ({ messageId }, draft) => {
    const index = draft.speaking.breakOff(messageId)
    if (index !== null) draft.items[index] = null
  },
  'iteration-finished': () => {},
  'function-call-requested': ({ call, problem }, draft) => {
    const known = draft.calls.get(call.id)
    // It has been approved.
    if (known !== undefined) draft.calls.set(call.id, { ...known, isClients: false, isAwaited: false })
    else if (problem === null && (call.answer === 'caller' || call.answer === 'submit')) askClient(draft, call)
    else askServer(draft, call)
  },
  'function-result-awaited': ({ call }, draft) => {
    const open = draft.calls.get(call.id)
    if (open === undefined) return
    const isApproval = call.answer === 'ability'
    draft.calls.set(call.id, { ...open, isClients: isApproval || open.isClients, isAwaited: true })
    if (!isApproval) return
    const item = approvalRequest(call, draft.channel)
    draft.done(draft.add(item), item)
  },
  'function-call-completed': ({ call, data }, draft) => answer(draft, call, { kind: 'completed', data }),
  'function-call-failed': ({ call, error }, draft) => answer(draft, call, { kind: 'failed', error }),
  'channel-message-published': () => {},
  // The model is told, and says what it makes of it.
  'attachment-failed': () => {},
  'dispatch-paused': () => {},
  'limits-raised': () => {},
  'dispatch-completed': ({ result, usage }, draft, at) => {
    const status = endOf[result.finishReason]
    draft.incompleteBecause = status === 'incomplete' ? 'max_output_tokens' : null
    end(draft, { status, usage, at })
  },
  'dispatch-failed': ({ error, usage }, draft, at) => {
    draft.error = error
    end(draft, { status: 'failed', usage, at })
  },
  'dispatch-cancelled': ({ usage }, draft, at) => end(draft, { status: 'cancelled', usage, at }),
}

function askClient(draft: Draft, call: FunctionCall): void {
  const { channel } = draft
  const index = draft.add({ ...clientCall(call, { channel, state: 'in_progress' }), arguments: '' })
  const item = clientCall(call, { channel, state: 'completed' })
  tellArguments(draft, 'function_call', { item_id: item.id, output_index: index, arguments: item.arguments })
  draft.done(index, item)
  if (call.answer === 'submit') draft.calls.set(call.id, { index: null, isClients: true, isAwaited: false })
}

function askServer(draft: Draft, call: FunctionCall): void {
  const { channel } = draft
  const item = serverCall(call, { channel, state: { status: 'in_progress', output: null, error: null } })
  const index = draft.add({ ...item, arguments: '' })
  draft.items[index] = item
  draft.emit('response.mcp_call.in_progress', { item_id: item.id, output_index: index })
  tellArguments(draft, 'mcp_call', { item_id: item.id, output_index: index, arguments: item.arguments })
  draft.calls.set(call.id, { index, isClients: false, isAwaited: false })
}

function tellArguments(
  draft: Draft,
  kind: string,
  fields: { item_id: string; output_index: number; arguments: string },
) {
  const { arguments: delta, ...place } = fields
  if (delta !== '') draft.emit(`response.${kind}_arguments.delta`, { ...place, delta })
  draft.emit(`response.${kind}_arguments.done`, fields)
}

function answer(draft: Draft, call: FunctionCall, outcome: CallOutcome): void {
  const open = draft.calls.get(call.id)
  draft.calls.delete(call.id)
  if (open === undefined || open.index === null) return
  const { index } = open
  const state =
    outcome.kind === 'completed'
      ? ({ status: 'completed', output: resultText(outcome.data), error: null } as const)
      : ({ status: 'failed', output: null, error: callError(outcome.error) } as const)
  const item = serverCall(call, { channel: draft.channel, state })
  draft.sequence.begin()
  draft.emit(`response.mcp_call.${item.status}`, { item_id: item.id, output_index: index })
  draft.done(index, item)
}

function resultText(data: unknown): string {
  return typeof data === 'string' ? data : (stringifyJson(data) ?? 'null')
}

const lastEvent = {
  completed: 'response.completed',
  failed: 'response.failed',
  incomplete: 'response.incomplete',
  // There is no event for it in a stream, and clients reject those that they do not know.
  cancelled: 'response.incomplete',
} as const

interface End {
  readonly status: keyof typeof lastEvent
  readonly usage: Usage
  readonly at: number
}

/** Ends what is still open, as when a run is cancelled over the head of its worker, and the response. */
function end(draft: Draft, { status, usage, at }: End): void {
  for (const id of draft.speaking.open()) draft.speaking.breakOff(id)
  for (const { index } of draft.calls.values()) {
    const item = index === null ? null : draft.items[index]
    if (index === null || item?.type !== 'mcp_call') continue
    draft.sequence.begin()
    draft.done(index, { ...item, status: 'incomplete' })
  }
  draft.calls.clear()
  Object.assign(draft, { status, usage, finishedAt: at })
  draft.sequence.begin()
  draft.emit(lastEvent[status], { response: draft.response() })
}
