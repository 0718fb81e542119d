import { Redis } from 'ioredis'
import { bounds } from '../../src/config/bounds.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import { createRedisRunStore } from '../../src/engines/redis/run/run-store.ts'
import { beginRun } from './begin-run.ts'
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
  const run = await beginRun(runs, channelId)
  let text = ''
  let inFlight: Promise<unknown>[] = []
  for (let index = 0; index < words; index++) {
    inFlight.push(run.append([{ type: 'text-delta', messageId: 'answer', position: text.length, text: word(index) }]))
    text += word(index)
    if (inFlight.length < appendsInFlight) continue
    await Promise.all(inFlight)
    inFlight = []
  }
  await Promise.all(inFlight)
  await run.end({ id: 'answer', text })
}

async function writeNaive(redis: Redis, words: number, channelId: string): Promise<void> {
  const pipeline = redis.pipeline()
  for (let index = 0; index < words; index++) {
    pipeline.xadd(channelId, '*', 'event', JSON.stringify({ type: 'token', text: word(index) }))
  }
  pipeline.xadd(channelId, '*', 'event', JSON.stringify({ type: 'end', text: null }))
  await pipeline.exec()
}
