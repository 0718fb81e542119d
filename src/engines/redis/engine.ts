import type { Redis } from 'ioredis'
import type { Config, Role } from '../../config/config.ts'
import type { Lifecycle } from '../../kernel/lifecycle.ts'
import { answerLimits, type Engine, logLimits, permitLeases } from '../engine.ts'
import { createRedisChannelLog, createRedisChannelReads } from './channel/channel.ts'
import { connectRedis, type Patience } from './connection.ts'
import { createRedisDispatchRate } from './limits/dispatch-rate.ts'
import { createRedisRunPermits } from './limits/run-permits.ts'
import { createRedisResultChannels } from './result-channel/result-channel.ts'
import { createRedisDispatchIndex } from './run/dispatch-index.ts'
import { createRedisRunStore } from './run/run-store.ts'
import { createBullmqConsumer, createBullmqQueue } from './schedule/bullmq-queue.ts'
import { createRedisDueList } from './schedule/due-list.ts'
import { createRedisRecordStore } from './store/record-store.ts'
import { createRedisStore } from './store/store.ts'

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
    permits: createRedisRunPermits(patient, {
      limit: config.runningDispatches,
      leaseMs: config.leaseMs * permitLeases,
    }),
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
