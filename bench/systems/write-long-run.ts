import { Redis } from 'ioredis'
import { bounds } from '../../src/config/bounds.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import { createRedisRunStore } from '../../src/engines/redis/run/run-store.ts'
import type { AccountId, ChannelId } from '../../src/kernel/ids.ts'
import type { System } from './system.ts'

/** Long enough for a channel id. */
export const longRun = 'a-run-of-many-tokens'

const word = (index: number) => `word${index % 1000} `
const appendsInFlight = 500

/** Writes an ended run into the store of a system, one entry per token, as a slow model would leave it. */
export async function writeLongRun(system: System, words: number, channelId = longRun): Promise<void> {
  if (system.redisUrl === null) return
  const redis = new Redis(system.redisUrl)
  await (system.name === 'ours' ? writeOurs(redis, words, channelId) : writeNaive(redis, words, channelId))
  redis.disconnect()
}

async function writeOurs(redis: Redis, words: number, channelId: string): Promise<void> {
  const runs = createRedisRunStore(
    redis,
    { logSeconds: 3600, recordSeconds: 3600 },
    { log: bounds.log, accountBytes: 0 },
  )
  // Branded by hand, as the edges would mint them.
  const key = { account: 'local' as AccountId, channel: channelId as ChannelId }
  const limits = { iterations: 1, continuations: 0, calls: 0 }
  const nothing = {
    backstory: null,
    functions: [],
    references: {},
    datasets: [],
    attachments: [],
    timeoutSeconds: null,
  }
  const request = { ...nothing, model: 'demo', timezone: 'UTC', limits }
  const messages = [{ id: 'question', type: 'user', text: 'Hello' }] as const
  const stamps = {
    digest: 'digest',
    botId: null,
    contactId: null,
    notBefore: null,
    lookAt: Date.now() + 3_600_000,
    createdAt: Date.now(),
    epoch: 'epochOfTheLongRun',
    tag: 'first',
  }
  await runs.create(key, { ...stamps, request, messages })
  await runs.claim(key, { wake: 1, claim: 'claim', tag: 'claimed', lossLimit: 5 })

  let seq = 0
  let text = ''
  let inFlight: Promise<unknown>[] = []
  const append = (events: readonly ChannelEvent[]) => {
    seq += 1
    inFlight.push(runs.append(key, { claim: 'claim', seq, tag: `tag${seq}`, events, open: [] }))
  }
  append([{ type: 'iteration-started', iteration: 1 }])
  for (let index = 0; index < words; index++) {
    append([{ type: 'text-delta', messageId: 'answer', position: text.length, text: word(index) }])
    text += word(index)
    if (inFlight.length < appendsInFlight) continue
    await Promise.all(inFlight)
    inFlight = []
  }
  append([
    { type: 'message-completed', message: { id: 'answer', type: 'bot', text } },
    { type: 'iteration-finished', iteration: 1, finish: 'stop', usage: noUsage },
    { type: 'dispatch-completed', result: { text, finishReason: 'stop' }, usage: noUsage },
  ])
  await Promise.all(inFlight)
}

async function writeNaive(redis: Redis, words: number, channelId: string): Promise<void> {
  const pipeline = redis.pipeline()
  for (let index = 0; index < words; index++) {
    pipeline.xadd(channelId, '*', 'event', JSON.stringify({ type: 'token', text: word(index) }))
  }
  pipeline.xadd(channelId, '*', 'event', JSON.stringify({ type: 'end', text: null }))
  await pipeline.exec()
}
