import type { Fact } from '../conversation/event.ts'
import type { PromptMessage } from '../conversation/prompt.ts'
import type { Usage } from '../conversation/usage.ts'
import type { Model, ModelPart } from '../models/model.ts'
import { ModelFault } from '../models/model.ts'
import type { EventWriter } from './event-writer.ts'

export interface ModelCallInput {
  readonly model: Model
  readonly prompt: readonly PromptMessage[]
  readonly iteration: number
  readonly signal: AbortSignal
  readonly writer: EventWriter
  readonly messageId: () => string
}

/** A stretch of text or of reasoning: it becomes one message. */
interface Block {
  readonly type: 'text' | 'reasoning'
  readonly messageId: string
  text: string
  /** A high surrogate whose other half is still to come: half a character is never sent. */
  held: string
}

/**
 * Asks the model once. Deltas are written as they come; the outcome is returned as one unit, still to be written.
 * Throws ModelFault, or anything at all once `signal` is aborted; the half-said messages are then in `writer.open`.
 */
export async function callModel(input: ModelCallInput): Promise<readonly Fact[]> {
  const { model, prompt, iteration, signal, writer } = input
  const blocks: Block[] = []

  const say = (type: Block['type'], text: string) => {
    let block = blocks.at(-1)
    if (block?.type !== type) {
      if (block !== undefined) release(block, writer)
      block = { type, messageId: input.messageId(), text: '', held: '' }
      blocks.push(block)
    }
    const whole = block.held + text
    block.held = endsInHighSurrogate(whole) ? whole.slice(-1) : ''
    write(block, whole.slice(0, whole.length - block.held.length), writer)
  }

  for await (const part of model.stream({ prompt, signal })) {
    signal.throwIfAborted()
    if (part.type === 'finish') {
      for (const block of blocks) release(block, writer)
      return outcome(blocks, iteration, part)
    }
    say(part.type, part.text)
    await writer.room()
  }
  throw new ModelFault('unavailable', 'The model fell silent without finishing.')
}

function outcome(blocks: readonly Block[], iteration: number, part: ModelPart & { type: 'finish' }): readonly Fact[] {
  const usage: Usage = {
    ...part.usage,
    totalTokens: part.usage.inputTokens + part.usage.outputTokens,
    iterations: 1,
    calls: 0,
  }
  return [
    ...blocks
      .filter(({ text }) => text !== '')
      .map(({ type, messageId, text }): Fact => {
        const message = { id: messageId, type: type === 'text' ? 'bot' : 'reasoning', text } as const
        return { type: 'message-completed', message }
      }),
    { type: 'iteration-finished', iteration, finish: part.finish, usage },
  ]
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
