import type { LogEntry } from '../../channel/channel.ts'
import { attachmentOf } from '../../conversation/attachment.ts'
import type { Delta } from '../../conversation/event.ts'
import { type EventHandlers, handleEvent } from '../../conversation/event-table.ts'
import { isEnding } from '../../conversation/event-traits.ts'
import type { FunctionCall } from '../../conversation/function.ts'
import type { Activity, Message } from '../../conversation/message.ts'
import type { Usage } from '../../conversation/usage.ts'
import type { ChannelKey } from '../../kernel/ids.ts'
import type { FrameFold, Told } from '../facade/read-frames.ts'
import { answeredBy } from './answer.ts'
import { type Chunk, type ChunkFrame, done, errorChunk, errorOf, finishReasons, type WordsOf } from './chunk.ts'
import { createStepParts, type StepParts } from './step-parts.ts'

export interface ChunkFoldOptions {
  /** Of the client's message that the chunks build. */
  readonly messageId: string
  /** The last channel of the message: its ending ends the stream. */
  readonly last: ChannelKey
  /** The client has all up to this entry of the first channel. Absent: it has nothing. */
  readonly after?: number
  /** The client has the calls that the first channel's dispatch answers. Default: only those that are told here. */
  readonly hasCalls?: boolean
}

/**
 * Our events as the AI SDK's chunks. One message of its client may be told by several dispatches in a row: one whose calls were left
 * to the client, and those that go on with the results. A client takes a replay in place of what it has only under the same id.
 */
export function createChunkFold(options: ChunkFoldOptions): FrameFold<ChunkFrame> {
  const { messageId, last, after = 0, hasCalls = false } = options
  const parts = createStepParts()
  const memory: Memory = { isStepOpen: false, parts, calls: new Map(), told: new Set(), hasCalls, isLast: false }
  let isStarted = false
  let isFirst = true
  let channel: string | null = null

  const told = (chunks: readonly Chunk[], isEnd: boolean): Told<ChunkFrame> => {
    const start = isStarted ? [] : [{ type: 'start', messageId }]
    isStarted = true
    return { frames: [...start, ...chunks, ...(isEnd ? [done] : [])] as readonly ChunkFrame[], isEnd }
  }
  return {
    accept({ event, offset }: LogEntry, key: ChannelKey) {
      if (channel !== null && channel !== key.channel) isFirst = false
      channel = key.channel
      memory.isLast = key.channel === last.channel
      const chunks = handleEvent(translations, event, memory) ?? []
      if (isFirst && offset <= after) return silence
      const isEnd = memory.isLast && isEnding(event)
      return chunks.length === 0 && isStarted && !isEnd ? silence : told(chunks, isEnd)
    },
    atHead: () => (waitsForClient(memory) ? told([{ type: 'finish', finishReason: 'tool-calls' }], true) : silence),
  }
}

const silence: Told<ChunkFrame> = { frames: [], isEnd: false }

interface Memory {
  isStepOpen: boolean
  readonly parts: StepParts
  /** The calls that have no answer yet, by their ids. */
  readonly calls: Map<string, OpenCall>
  /** The ids of all calls that were told. */
  readonly told: Set<string>
  readonly hasCalls: boolean
  isLast: boolean
}

interface OpenCall {
  readonly call: FunctionCall
  /** Its answer is awaited, and is to be submitted. */
  readonly isAsked: boolean
  readonly isAwaited: boolean
}

/** Whether only answers are waited for, and one of them is the client's to give. */
function waitsForClient({ calls }: Memory): boolean {
  const open = [...calls.values()].filter(({ call }) => call.answer !== 'caller')
  return open.every(({ isAwaited }) => isAwaited) && open.some(({ isAsked }) => isAsked)
}

const translations: EventHandlers<[memory: Memory], readonly Chunk[]> = {
  // What a client says is told to it again only where it answers calls that it has: the client fails at the answer to any other.
  'dispatch-queued': (event, { told, hasCalls }) => {
    const answered = [...answeredBy(event)]
    return answered.length > 0 && (hasCalls || answered.every((id) => told.has(id)))
      ? event.messages.flatMap(answerChunk)
      : []
  },
  'transcript-taken': () => [],
  'messages-added': () => [],
  'dispatch-started': () => [],
  'iteration-started': (_event, memory) => {
    // An iteration that begins anew goes on in its step: another `start-step` would leave an empty step behind.
    if (memory.isStepOpen) return []
    memory.isStepOpen = true
    memory.parts.clear()
    return [{ type: 'start-step' }]
  },
  'text-delta': (event, { parts }) => deltaChunks('text', event, parts),
  'reasoning-delta': (event, { parts }) => deltaChunks('reasoning', event, parts),
  'message-completed': ({ message }, { parts }) => {
    if (message.type === 'bot') return parts.complete('text', message.id, message.text)
    if (message.type === 'reasoning') return parts.complete('reasoning', message.id, message.text)
    return parts.keep(message.id, attachmentChunks(message))
  },
  'message-discarded': ({ messageId }, { parts }) => parts.discard(messageId),
  'iteration-finished': (_event, memory) => {
    memory.isStepOpen = false
    return [...memory.parts.close(), { type: 'finish-step' }]
  },
  'function-call-requested': ({ call }, { calls, told, parts }) => {
    told.add(call.id)
    const isApproved = calls.has(call.id)
    calls.set(call.id, { call, isAsked: false, isAwaited: false })
    return isApproved
      ? parts.keep(`${call.id} verdict`, [verdictChunk(call, true)])
      : parts.keep(call.id, [callChunk(call)])
  },
  'function-result-awaited': ({ call, resultChannelId }, { calls, parts }) => {
    calls.set(call.id, { call, isAsked: resultChannelId === null, isAwaited: true })
    if (call.answer !== 'ability') return []
    return parts.keep(`${call.id} approval`, [
      { type: 'tool-approval-request', approvalId: call.id, toolCallId: call.id },
    ])
  },
  'function-call-completed': ({ call, data }, memory) =>
    answered(memory, call, { type: 'tool-output-available', toolCallId: call.id, output: data, ...carriedOut(call) }),
  'function-call-failed': ({ call, error }, memory) => {
    const { id } = call
    if (error.code === 'FAILED' && call.answer === 'ability' && memory.calls.get(id)?.isAwaited === true) {
      memory.calls.delete(id)
      const denied = [verdictChunk(call, false, error.message), { type: 'tool-output-denied', toolCallId: id }]
      return memory.parts.keep(`${id} verdict`, denied)
    }
    const failed = { type: 'tool-output-error', toolCallId: call.id, errorText: error.message, ...carriedOut(call) }
    return answered(memory, call, failed)
  },
  'channel-message-published': ({ payload }, { parts }) => parts.data('data-channel-message', payload),
  'attachment-failed': ({ url, error }, { parts }) => parts.data('data-attachment-failed', { url, ...error }),
  'dispatch-paused': ({ reachedLimit, pausedUntil }, { parts }) =>
    parts.data('data-paused', { reachedLimit, pausedUntil }, 'paused'),
  'limits-raised': ({ stillReached }, { parts }) =>
    parts.data('data-paused', stillReached === null ? null : { reachedLimit: stillReached }, 'paused'),
  'dispatch-completed': ({ result, usage }, memory) => {
    // The next dispatch of the message goes on from here.
    if (!memory.isLast) return endStep(memory)
    return [...endStep(memory), finishChunk(finishReasons[result.finishReason], usage)]
  },
  'dispatch-failed': ({ error }, memory) => [...endStep(memory), errorChunk(error)],
  'dispatch-cancelled': ({ usage }, memory) => [...endStep(memory), finishChunk('interrupted', usage)],
}

function deltaChunks(kind: WordsOf, { messageId, position, text }: Delta, parts: StepParts): readonly Chunk[] {
  return parts.grow(kind, messageId, { position, text })
}

function endStep(memory: Memory): readonly Chunk[] {
  memory.calls.clear()
  const ends = memory.parts.close()
  if (!memory.isStepOpen) return ends
  memory.isStepOpen = false
  return [...ends, { type: 'finish-step' }]
}

function answered({ calls, parts }: Memory, call: FunctionCall, chunk: Chunk): readonly Chunk[] {
  calls.delete(call.id)
  return parts.keep(`${call.id} answer`, [chunk])
}

/** A call to a function of the dispatch is a tool the page may know; that to an ability is known to the server alone. */
function callChunk(call: FunctionCall): Chunk {
  const { id: toolCallId, name: toolName, arguments: input = null } = call
  const isDynamic = call.answer === 'ability'
  return {
    type: 'tool-input-available',
    toolCallId,
    toolName,
    input,
    ...(isDynamic && { dynamic: true }),
    ...carriedOut(call),
  }
}

/** What a person has said of an ability's call, which has the same id as the question. */
function verdictChunk({ id: approvalId }: FunctionCall, approved: boolean, reason?: string): Chunk {
  return { type: 'tool-approval-response', approvalId, approved, ...(reason !== undefined && { reason }) }
}

/** The client neither answers such a call, nor goes on by itself once it is answered. */
function carriedOut({ answer }: FunctionCall) {
  return answer === 'submit' || answer === 'caller' ? {} : { providerExecuted: true }
}

function answerChunk({ type, meta }: Message): readonly Chunk[] {
  const activity = type === 'activity' ? (meta?.['activity'] as Activity | undefined) : undefined
  if (activity?.type !== 'response' || activity.id === undefined) return []
  const { result: output = null } = activity.function
  const toolCallId = activity.id
  const errorText = errorOf(output)
  if (errorText !== null) return [{ type: 'tool-output-error', toolCallId, errorText }]
  return [{ type: 'tool-output-available', toolCallId, output }]
}

function attachmentChunks(message: Message): readonly Chunk[] {
  const attachment = attachmentOf(message)
  if (attachment === null) return []
  const { url, mediaType, bytes } = attachment
  return [{ type: 'data-attachment', id: message.id, data: { url, mediaType, bytes } }]
}

function finishChunk(finishReason: string, usage: Usage): Chunk {
  return { type: 'finish', finishReason, messageMetadata: { usage } }
}
