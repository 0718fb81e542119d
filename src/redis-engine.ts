import type { Redis } from 'ioredis'
import { createRedisChannelLog, createRedisChannelReads } from './channel/redis-channel.ts'
import type { Config, Role } from './config.ts'
import { createBullmqConsumer, createBullmqQueue } from './dispatch/bullmq-queue.ts'
import { createRedisDispatchIndex } from './dispatch/redis-dispatch-index.ts'
import { createRedisDispatchRate } from './dispatch/redis-dispatch-rate.ts'
import { createRedisDueList } from './dispatch/redis-due-list.ts'
import { createRedisResultChannels } from './dispatch/redis-result-channel.ts'
import { createRedisRunStore } from './dispatch/redis-run-record.ts'
import { createRedisRunningSlots } from './dispatch/redis-running-slots.ts'
import { answerLimits, type Engine, logLimits, slotLeases } from './engine.ts'
import type { Lifecycle } from './lifecycle.ts'
import { connectRedis, type Patience } from './redis.ts'
import { createRedisRecordStore } from './store/redis-record-store.ts'
import { createRedisStore } from './store/redis-store.ts'

/** Redis: any number of API and worker processes. */
export async function createRedisEngine(
  config: Config & { readonly redisUrl: string },
  role: Role,
  lifecycle: Lifecycle,
  onError: (error: unknown) => void,
): Promise<Engine> {
  const connect = async (name: string, patience: Patience): Promise<Redis> => {
    const redis = await connectRedis({ url: config.redisUrl, name, patience, onError })
    lifecycle.onClose(() => redis.disconnect())
    return redis
  }
  const requests = await connect(`${role}-requests`, 'impatient')
  const patient = await connect(`${role}-patient`, 'patient')
  const subscriber = await connect(`${role}-subscriber`, 'patient')
  const queue = createBullmqQueue(requests)
  lifecycle.onClose(() => queue.close())
  const retention = { logSeconds: config.retentionSeconds, recordSeconds: config.recordRetentionSeconds }
  const workerRuns = createRedisRunStore(patient, retention)
  return {
    log: createRedisChannelReads(requests),
    runs: createRedisRunStore(requests, retention),
    workerRuns,
    following: { log: createRedisChannelLog({ reads: patient, subscriber }), runs: workerRuns },
    results: createRedisResultChannels(requests, {
      logSeconds: config.retentionSeconds,
      ...answerLimits,
      ...logLimits,
    }),
    due: createRedisDueList(requests),
    index: createRedisDispatchIndex(requests),
    rate: createRedisDispatchRate(requests, config.dispatchesPerMinute),
    slots: createRedisRunningSlots(patient, { limit: config.runningDispatches, leaseMs: config.leaseMs * slotLeases }),
    store: createRedisStore(requests),
    workerStore: createRedisStore(patient),
    records: createRedisRecordStore(requests),
    queue,
    backlog: queue.backlog,
    consume: (handle) =>
      createBullmqConsumer({
        redis: patient,
        concurrency: config.workerConcurrency,
        leaseMs: config.leaseMs,
        handle,
        onError,
      }),
    readiness: () => requests.ping(),
    onClosing: 'hand-over',
  }
}
