import { setTimeout as sleep } from 'node:timers/promises'
import { declared } from '../support/function/function-runs.ts'
import { ids } from '../support/run/runs.ts'
import { type Answering, answerCalls, type Over } from './answering.ts'
import { cancelInsistently, dispatchInsistently, type History, type Surroundings, watchToTheEnd } from './clients.ts'
import type { PlayedProvider } from './played-provider.ts'

/** One run and all that happened around it. */
export interface Conversation {
  readonly channelId: string
  readonly topic: string
  readonly histories: readonly History[]
  readonly answering: Answering
  /** Dispatches the same again, and sees it to its end: what was accepted may have been lost with the store's last writes. */
  again(): Promise<Conversation>
}

export interface ConverseOptions extends Surroundings {
  readonly provider: PlayedProvider
  readonly isBrief: boolean
}

const demos = ['demo/delayMs=4/words=120', 'demo/delayMs=8/maxTokens=25/words=90', 'demo/delayMs=0/words=400'] as const
const briefDemos = ['demo/delayMs=0/words=3', 'demo/delayMs=6/words=12'] as const
const played = ['openai:gpt-5.4', 'openai-chat:gpt-4o', 'anthropic:claude-sonnet-4-5', 'compatible:gpt-4o'] as const
const functionNames = ['known', 'ask', 'ask', 'listen', 'late'] as const

/** Dispatches a run of some kind, watches it twice over, answers its calls, and may cancel it. */
export async function converse(options: ConverseOptions): Promise<Conversation> {
  const { random, provider, isBrief } = options
  const channelId = ids.channelId()
  const topic = ids.channelId()
  if (isBrief || random.chance(0.35)) {
    const model = random.pick<string>(isBrief ? briefDemos : demos)
    return takeTo(options, { channelId, topic, input: { channelId, model } })
  }
  const turns = Array.from({ length: 1 + random.int(3) }, () =>
    Array.from({ length: 1 + random.int(3) }, () => random.pick(functionNames)),
  )
  const plan = random.chance(0.1) ? [...turns, ['ours']] : turns
  const functions = [
    declared('known', { result: { data: { known: true } } }),
    declared('ask', { result: { await: true } }),
    declared('listen', { result: { channel: topic } }),
    declared('late', { result: { await: true }, timeoutSeconds: 1 }),
    declared('ours'),
  ]
  const messages = [{ type: 'USER', text: provider.begin(channelId, plan) }]
  return takeTo(options, { channelId, topic, input: { channelId, model: random.pick(played), messages, functions } })
}

interface Begun {
  readonly channelId: string
  readonly topic: string
  readonly input: object
}

async function takeTo(options: ConverseOptions, begun: Begun): Promise<Conversation> {
  const { random } = options
  const { channelId, topic, input } = begun
  const over = createOver()
  const answers = answerCalls({ ...options, channelId, topic, over })
  const watched = { channelId, onEvent: answers.hear }
  const watching = Promise.all([1, 2].map(() => watchToTheEnd(options, watched))).finally(over.declare)
  watching.catch(() => {}) // It is awaited below.
  const cancelling = random.chance(0.1) ? over.sleep(random.int(1500)) : null
  const known = options.fleet.losses.length
  await dispatchInsistently(options, input)
  const staying = stayDispatched(options, { input, over, known })
  if (cancelling !== null) await cancelling.then(() => cancelInsistently(options, channelId))
  const [histories, answering] = await Promise.all([watching, answers.done, staying])
  return { channelId, topic, histories, answering, again: () => takeTo(options, begun) }
}

interface Staying {
  readonly input: object
  readonly over: Over
  /** How many losses there were before the first dispatch: an API that was stopped may answer it after a loss that took it. */
  readonly known: number
}

/** A store that loses its last writes may lose the run: its client dispatches it again, under the same id. */
export async function stayDispatched(options: Surroundings, staying: Staying): Promise<void> {
  const { losses } = options.fleet
  const { input, over } = staying
  for (let { known } = staying; !over.isDeclared(); await over.sleep(200)) {
    if (losses.length === known) continue
    known = losses.length
    await dispatchInsistently(options, input)
  }
}

export function createOver(): Over & { declare(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isDeclared = false
  return {
    isDeclared: () => isDeclared,
    sleep: (ms) => Promise.race([sleep(ms), promise]),
    declare() {
      isDeclared = true
      resolve()
    },
  }
}
