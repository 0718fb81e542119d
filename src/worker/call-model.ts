import { requestMessage } from '../conversation/activity.ts'
import type { Step } from '../conversation/decide.ts'
import type {
  Fact,
  FunctionCallRequested,
  IterationFinished,
  ProviderMetadata,
  ProviderPart,
} from '../conversation/event.ts'
import { costOf, type ModelPrice } from '../conversation/price.ts'
import type { PromptMessage } from '../conversation/prompt/prompt-message.ts'
import type { CallReader, ReadCall } from '../conversation/read-call.ts'
import { noUsage, type Usage } from '../conversation/usage.ts'
import {
  type Model,
  type ModelCall,
  ModelFault,
  type ModelPart,
  type ModelTool,
  type ModelUsage,
} from '../models/model.ts'
import type { EventWriter } from './event-writer.ts'

export interface ModelCallInput {
  readonly model: Model
  readonly prompt: readonly PromptMessage[]
  readonly tools: readonly ModelTool[]
  readonly iteration: number
  /** What the run's budget leaves the model to write; null: no limit. */
  readonly maxOutputTokens?: number | null
  /** Absent: not known. */
  readonly price?: ModelPrice | undefined
  readonly answerFormat?: ModelCall['answerFormat']
  readonly forced: (Step & { kind: 'call-model' })['forced']
  readonly readCalls: CallReader
  /** How many calls the run has asked for before. */
  readonly callsBefore: number
  readonly signal: AbortSignal
  readonly writer: EventWriter
  /** The account's turn of the event loop. */
  readonly turn: (costMs: number) => Promise<void> | undefined
  readonly messageId: () => string
  readonly callId: () => string
  /** Called with the usage so far whenever the provider reports it. The last report counts. */
  readonly onUsage: (usage: ModelUsage) => void
  /** Filled with what the model says while it says it, so that it remains after an interrupted call. */
  readonly blocks: Block[]
}

/** A stretch of text or of reasoning. It becomes one message, unless it is empty. */
export interface Block {
  readonly type: 'text' | 'reasoning'
  readonly messageId: string
  text: string
  /** A high surrogate whose other half has not come yet: half a character is never sent. */
  held: string
  metadata: ProviderMetadata | null
}

/** About what one part of an answer keeps the event loop. A provider may send thousands at once. */
const partMs = 0.02

/**
 * Asks the model once. Writes deltas as they come, and returns the outcome as one unit that the caller must write. Throws
 * ModelFault, or anything once `signal` is aborted. The partial messages are then in `writer.open`.
 */
export async function callModel(input: ModelCallInput): Promise<readonly Fact[]> {
  const { model, prompt, tools, forced, signal, writer, turn, blocks } = input
  const calls: WrittenCall[] = []

  const begin = (type: Block['type']): Block => {
    const before = blocks.at(-1)
    if (before !== undefined) release(before, writer)
    const block: Block = { type, messageId: input.messageId(), text: '', held: '', metadata: null }
    blocks.push(block)
    return block
  }
  const say = (type: Block['type'], text: string) => {
    const last = blocks.at(-1)
    const goesOn = last?.type === type && last.metadata === null && calls.at(-1)?.blocksBefore !== blocks.length
    const block = goesOn ? last : begin(type)
    const whole = block.held + text
    block.held = endsInHighSurrogate(whole) ? whole.slice(-1) : ''
    write(block, whole.slice(0, whole.length - block.held.length), writer)
  }

  const { maxOutputTokens = null, answerFormat = null } = input
  const limits = maxOutputTokens === null ? {} : { maxOutputTokens }
  const asked = { prompt, tools, forced: forced?.name ?? null, answerFormat, ...limits, signal }
  for await (const part of model.stream(asked)) {
    signal.throwIfAborted()
    switch (part.type) {
      case 'text':
      case 'reasoning':
        say(part.type, part.text)
        await writer.room()
        await turn(partMs)
        break
      case 'metadata': {
        const last = blocks.at(-1)
        const block = last?.type === part.of && last.metadata === null ? last : begin(part.of)
        block.metadata = part.metadata
        break
      }
      case 'call':
        calls.push({ part, callId: input.callId(), blocksBefore: blocks.length })
        break
      case 'usage':
        input.onUsage(part.usage)
        break
      case 'finish':
        input.onUsage(part.usage)
        return [
          ...completeMessages(blocks, writer),
          ...(await requests(calls, input)),
          finished(blocks, calls, input, part),
        ]
    }
  }
  throw new ModelFault('unavailable', 'The model fell silent without finishing.', { isRetryable: true })
}

/** Completes the blocks and returns their messages. */
export function completeMessages(blocks: readonly Block[], writer: EventWriter): readonly Fact[] {
  for (const block of blocks) release(block, writer)
  return blocks.flatMap(({ type, messageId, text }): readonly Fact[] => {
    if (text === '') return []
    const message = { id: messageId, type: type === 'text' ? 'bot' : 'reasoning', text } as const
    return [{ type: 'message-completed', message }]
  })
}

interface WrittenCall {
  readonly part: ModelPart & { type: 'call' }
  readonly callId: string
  /** How many blocks came before it. */
  readonly blocksBefore: number
}

async function requests(calls: readonly WrittenCall[], input: ModelCallInput): Promise<readonly Fact[]> {
  const read = await input.readCalls(
    calls.map(({ part }) => part),
    input.callsBefore,
  )
  return calls.flatMap((call, index) => {
    const reading = read[index]
    if (reading === undefined) throw new Error(`The call ${call.callId} has not been read.`)
    return requested(call, reading, input)
  })
}

/** A call as facts. A call that the run's caller carries out gets its message with the ending instead, as the last message. */
function requested(
  { part, callId }: WrittenCall,
  { problem, ...read }: ReadCall,
  input: ModelCallInput,
): readonly Fact[] {
  const call = { id: callId, name: part.name, arguments: read.arguments, answer: read.answer, deadline: null }
  const fact: FunctionCallRequested = { type: 'function-call-requested', call, providerCallId: part.id, problem }
  if (read.answer === 'caller' && problem === null) return [fact]
  return [fact, { type: 'message-completed', message: requestMessage(call, input.messageId()) }]
}

function finished(
  blocks: readonly Block[],
  calls: readonly WrittenCall[],
  { iteration, forced, price }: ModelCallInput,
  part: ModelPart & { type: 'finish' },
): IterationFinished {
  const fact: IterationFinished = {
    type: 'iteration-finished',
    iteration,
    finish: part.finish,
    usage: { ...toUsage(part.usage, price), iterations: 1, calls: calls.length },
    ...(part.refusal === undefined ? {} : { refusal: part.refusal }),
    ...(forced === null ? {} : { forced: forced.phase }),
  }
  const callParts = (before: number) =>
    calls
      .filter(({ blocksBefore }) => blocksBefore === before)
      .map(({ part, callId }) => ({ type: 'call', callId, metadata: part.metadata ?? null }) as const)
  const parts: readonly ProviderPart[] = [
    ...callParts(0),
    ...blocks.flatMap(({ type, messageId, text, metadata }, index): readonly ProviderPart[] => [
      { type, messageId: text === '' ? null : messageId, metadata },
      ...callParts(index + 1),
    ]),
  ]
  return parts.some(({ metadata }) => metadata !== null) ? { ...fact, parts } : fact
}

/** The usage of a model call as a run counts it. */
export function toUsage(usage: ModelUsage, price: ModelPrice | undefined): Usage {
  return {
    ...noUsage,
    ...usage,
    totalTokens: usage.inputTokens + usage.outputTokens,
    ...(price !== undefined && { cost: costOf(price, usage) }),
  }
}

function write(block: Block, text: string, writer: EventWriter): void {
  if (text === '') return
  const type = block.type === 'text' ? 'text-delta' : 'reasoning-delta'
  writer.delta({ type, messageId: block.messageId, position: block.text.length, text })
  block.text += text
}

function release(block: Block, writer: EventWriter): void {
  const { held } = block
  block.held = ''
  write(block, held, writer)
}

function endsInHighSurrogate(text: string): boolean {
  const unit = text.charCodeAt(text.length - 1)
  return unit >= 0xd800 && unit <= 0xdbff
}
