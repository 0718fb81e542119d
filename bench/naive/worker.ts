import { type Job, Worker } from 'bullmq'
import { RedisPubSub } from 'graphql-redis-subscriptions'
import { Redis } from 'ioredis'
import { createCatalogue } from '../../src/models/catalogue.ts'
import { benchProviders } from '../systems/stamped-model.ts'
import { append } from './log.ts'

// Uses the models of the service, so that both workers get the same words at the same cost.
const url = process.env['REDIS_URL'] ?? ''
const redis = new Redis(url, { maxRetriesPerRequest: null })
const pubsub = new RedisPubSub({ publisher: new Redis(url), subscriber: new Redis(url) })
const catalogue = createCatalogue({ providers: benchProviders, defaultModel: 'demo' })

const worker = new Worker(
  'runs',
  async ({ data }: Job<{ channelId: string; model: string; text: string }>) => {
    const resolved = catalogue.resolve(data.model)
    if ('problem' in resolved) throw new Error(resolved.problem)
    const prompt = [{ role: 'user', text: data.text }] as const
    for await (const part of resolved.model.stream({ prompt, signal: new AbortController().signal })) {
      if (part.type === 'text') await append(redis, pubsub, [data.channelId, { type: 'token', text: part.text }])
    }
    await append(redis, pubsub, [data.channelId, { type: 'end', text: null }])
  },
  { connection: redis, concurrency: Number(process.env['WORKER_CONCURRENCY']) },
)
await worker.waitUntilReady()
process.stdout.write(`${JSON.stringify({ msg: 'worker started' })}\n`)
process.once('SIGTERM', () => process.exit(0))
