import type { FunctionSpec } from '../../src/conversation/function.ts'
import type { ConversationRequest } from '../../src/conversation/request.ts'
import type { ChannelId } from '../../src/kernel/ids.ts'
import { type Model, ModelFault, type ModelPart, type PromptMessage } from '../../src/models/model.ts'
import type { JudgedLimits } from '../faults/judge-budget.ts'
import type { Random } from '../faults/random.ts'
import type { Steps } from './steps.ts'
import type { Theme } from './theme.ts'

/** What a run's model will say, turn by turn, whoever asks it. */
export interface Outline {
  readonly turns: readonly {
    readonly pieces: number
    readonly calls: readonly string[]
    readonly finish: 'stop' | 'length'
  }[]
  /** The deadline of calls that are answered from outside, in seconds; one that has passed at once, or is far away. */
  readonly answerSeconds: number
  /** What it may use. Null: more than it can. */
  readonly budget: JudgedLimits | null
}

/** What a model was asked with: the texts of users and assistants, without what the run has said itself. */
export interface Asked {
  readonly channel: string
  readonly texts: readonly string[]
  /** Those that were said to the run while that went on, in the prompt's order. */
  readonly added: readonly string[]
}

/** What a model was told of a call, by the id that it gave it. */
export interface Told {
  readonly channel: string
  readonly providerCallId: string
  readonly result: unknown
}

/** @param callable what it may call, in so many turns at the most */
export function drawOutline(
  random: Random,
  { callable, turns: most, budgets }: Pick<Theme, 'callable' | 'turns' | 'budgets'>,
  overdueSeconds: number,
): Outline {
  const turns = Array.from({ length: 1 + random.int(most) }, (_, index) => {
    const calls = random.chance(0.7) ? Array.from({ length: 1 + random.int(3) }, () => random.pick(callable)) : []
    const ours = index > 0 && random.chance(0.1) ? ['ours'] : []
    return {
      pieces: 1 + random.int(4),
      calls: [...calls, ...ours],
      finish: calls.length === 0 && random.chance(0.3) ? ('length' as const) : ('stop' as const),
    }
  })
  const answerSeconds = random.chance(0.15) ? overdueSeconds : 100_000
  const budget = budgets > 0 && random.chance(budgets) ? drawBudget(random) : null
  return { turns: [...turns, { pieces: 2, calls: [], finish: 'stop' }], answerSeconds, budget }
}

/** A model call uses two tokens, and costs two. */
function drawBudget(random: Random): JudgedLimits {
  const whenReached = random.chance(0.8) ? 'pause' : 'end'
  const some: JudgedLimits = random.pick([
    { iterations: 1 + random.int(2) },
    { tokens: 1 + random.int(4) },
    { cost: 1 + random.int(4) },
  ])
  return { ...some, whenReached }
}

export function requestOf(
  model: string,
  { turns, answerSeconds, budget }: Outline,
  topic: ChannelId,
): ConversationRequest {
  const spec = (name: string, answer: FunctionSpec['answer']): FunctionSpec => ({
    name,
    description: name,
    parameters: { type: 'object' },
    answer,
    start: false,
    end: false,
    timeoutSeconds: answerSeconds,
  })
  return {
    model,
    backstory: null,
    functions: [
      spec('known', { kind: 'static', data: { known: true } }),
      spec('ask', { kind: 'submit' }),
      spec('listen', { kind: 'channel', channelId: topic }),
      spec('work', { kind: 'ability', ability: { instruction: 'none', secretId: null } }),
      spec('ours', { kind: 'caller' }),
    ].filter(({ name }) => turns.some(({ calls }) => calls.includes(name))),
    limits: { iterations: 20, continuations: 10, calls: 50, ...budget },
    price: { input: 1e6, cachedInput: 1e6, output: 1e6, reasoning: 1e6 },
    timezone: 'UTC',
    references: {},
    datasets: [],
    attachments: [],
    timeoutSeconds: null,
  }
}

export interface OutlinedModelOptions {
  readonly channel: string
  readonly outline: Outline
  readonly steps: Steps
  readonly random: Random
  readonly isFaulty: () => boolean
  readonly onTold: (told: Told) => void
  readonly onAsked: (asked: Asked) => void
}

/**
 * Plays the outline from what its prompt tells, as a provider does: no memory of its own. Every try says other words, so
 * that two tries that are mixed up show.
 */
export function createOutlinedModel(options: OutlinedModelOptions): Model {
  const { channel, outline, steps, random, isFaulty, onTold, onAsked } = options
  const isOwn = (message: PromptMessage) =>
    message.role === 'assistant' && message.parts.some((part) => part.type === 'text' && part.text.startsWith(channel))
  let tries = 0
  return {
    name: channel,
    async *stream({ prompt, signal }): AsyncGenerator<ModelPart> {
      const attempt = ++tries
      const first = prompt.findIndex(isOwn)
      const [before, own] = first === -1 ? [prompt, []] : [prompt.slice(0, first), prompt.slice(first)]
      // What was said to others stands in the transcript.
      const isAdded = (text: string) => text.startsWith('added') && text.endsWith(channel)
      const added = prompt.flatMap((message) =>
        message.role === 'user' && isAdded(message.text) ? [message.text] : [],
      )
      onAsked({ channel, texts: before.flatMap(textsOf).filter((text) => !isAdded(text)), added })
      for (const message of own) {
        if (message.role === 'tool') onTold({ channel, providerCallId: message.callId, result: message.result })
      }
      const index = own.filter(isOwn).length
      const turn = outline.turns[index] ?? { pieces: 1, calls: [], finish: 'stop' }
      for (let piece = 0; piece < turn.pieces; piece++) {
        await steps.perform('model.word', async () => {})
        signal.throwIfAborted()
        if (isFaulty() && random.chance(0.05)) {
          throw new ModelFault('unavailable', 'The model stumbled.', { isRetryable: true })
        }
        const text = `${channel} t${index}.${piece}(${attempt}) `
        yield piece === 0 && turn.pieces > 3 ? { type: 'reasoning', text } : { type: 'text', text }
      }
      for (const [at, name] of turn.calls.entries()) {
        yield { type: 'call', id: `p${index}.${at}`, name, arguments: JSON.stringify({ index, at }) }
      }
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0 }
      yield { type: 'finish', finish: turn.finish, usage }
    },
  }
}

function textsOf(message: PromptMessage): readonly string[] {
  if (message.role === 'user') return [message.text]
  return message.role === 'assistant' ? message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : []
}
