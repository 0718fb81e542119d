import { setTimeout as sleep } from 'node:timers/promises'
import { declared } from '../support/function-runs.ts'
import { ids } from '../support/runs.ts'
import { type Answering, answerCalls } from './answering.ts'
import { cancelInsistently, dispatchInsistently, type History, watchToTheEnd } from './clients.ts'
import type { Fleet } from './fleet.ts'
import type { PlayedProvider } from './played-provider.ts'
import type { Random } from './random.ts'

/** One run and all that happened around it. */
export interface Conversation {
  readonly channelId: string
  readonly topic: string
  readonly histories: readonly History[]
  readonly answering: Answering
  /** Dispatches the same again, and sees it to its end: what was accepted may have been lost with the store's last writes. */
  again(): Promise<Conversation>
}

export interface ConverseOptions {
  readonly fleet: Fleet
  readonly random: Random
  readonly provider: PlayedProvider
}

const demos = ['demo/delayMs=4/words=120', 'demo/delayMs=8/maxTokens=25/words=90', 'demo/delayMs=0/words=400'] as const
const played = ['openai:gpt-5.4', 'openai-chat:gpt-4o', 'anthropic:claude-sonnet-4-5', 'compatible:gpt-4o'] as const
const functionNames = ['known', 'ask', 'ask', 'listen', 'late'] as const

/** Dispatches a run of some kind, watches it twice over, answers its calls, and may cancel it. */
export async function converse(options: ConverseOptions): Promise<Conversation> {
  const { random, provider } = options
  const channelId = ids.channelId()
  const topic = ids.channelId()
  if (random.chance(0.35)) {
    return takeTo(options, { channelId, topic, input: { channelId, model: random.pick(demos) } })
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
  const { fleet, random } = options
  const { channelId, topic, input } = begun
  let isOver = false
  const watching = Promise.all([1, 2].map(() => watchToTheEnd(fleet, random, channelId))).finally(() => {
    isOver = true
  })
  const cancelling = random.chance(0.1) ? sleep(random.int(1500)) : null
  await dispatchInsistently(fleet, random, input)
  const staying = stayDispatched(options, input, () => isOver)
  const answering = answerCalls({ fleet, random, channelId, topic, isOver: () => isOver })
  if (cancelling !== null) await cancelling.then(() => cancelInsistently(fleet, random, channelId))
  const [histories, answered] = await Promise.all([watching, answering, staying])
  return { channelId, topic, histories, answering: answered, again: () => takeTo(options, begun) }
}

/** A store that loses its last writes may lose the run: its client dispatches it again, under the same id. */
async function stayDispatched({ fleet, random }: ConverseOptions, input: object, isOver: () => boolean): Promise<void> {
  for (let known = fleet.losses.length; !isOver(); await sleep(200)) {
    if (fleet.losses.length === known) continue
    known = fleet.losses.length
    await dispatchInsistently(fleet, random, input)
  }
}
