import { Redis } from 'ioredis'
import { bounds } from '../../src/config/bounds.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import { createRedisRunStore } from '../../src/engines/redis/run/run-store.ts'
import { type ChannelId, localAccount } from '../../src/kernel/ids.ts'
import { startRun } from '../../test/support/run/runs.ts'
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
  await writeRun(runs, words, channelId)
}

/** Writes an ended run, one entry per token. */
export async function writeRun(runs: RunStore, words: number, channelId: string): Promise<void> {
  // Branded by hand, as the edges would mint it.
  const run = await startRun(runs, { account: localAccount, channel: channelId as ChannelId })
  let inFlight: Promise<unknown>[] = [run.append({ type: 'iteration-started', iteration: 1 })]
  for (let index = 0; index < words; index++) {
    inFlight.push(run.say(word(index)))
    if (inFlight.length < appendsInFlight) continue
    await Promise.all(inFlight)
    inFlight = []
  }
  const text = Array.from({ length: words }, (_, index) => word(index)).join('')
  inFlight.push(
    run.append(
      { type: 'message-completed', message: { id: 'm2', type: 'bot', text } },
      { type: 'iteration-finished', iteration: 1, finish: 'stop', usage: noUsage },
      { type: 'dispatch-completed', result: { text, finishReason: 'stop' }, usage: noUsage },
    ),
  )
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
