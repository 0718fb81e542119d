import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { ChannelLog } from './channel/channel.ts'
import { createFollower } from './channel/follow.ts'
import { createMemoryChannels } from './channel/memory-channel.ts'
import { createRedisChannelLog } from './channel/redis-channel.ts'
import type { Config, Role } from './config.ts'
import { defaultLimits } from './conversation/limits.ts'
import { createBullmqConsumer, createBullmqQueue } from './dispatch/bullmq-queue.ts'
import { createCancelDispatch } from './dispatch/cancel.ts'
import { createDispatchConversation } from './dispatch/dispatch.ts'
import type { DispatchIndex } from './dispatch/dispatch-index.ts'
import type { DueList } from './dispatch/due.ts'
import { createMemoryDispatchIndex } from './dispatch/memory-dispatch-index.ts'
import { createMemoryDueList } from './dispatch/memory-due-list.ts'
import { createMemoryQueue } from './dispatch/memory-queue.ts'
import { createMemoryRunStore } from './dispatch/memory-run-record.ts'
import type { Preflight } from './dispatch/preflight.ts'
import type { Consumer, JobHandler, Queue } from './dispatch/queue.ts'
import { createRedisDispatchIndex } from './dispatch/redis-dispatch-index.ts'
import { createRedisDueList } from './dispatch/redis-due-list.ts'
import { createRedisRunStore } from './dispatch/redis-run-record.ts'
import type { RunStore } from './dispatch/run-record.ts'
import { startSweep } from './dispatch/sweep.ts'
import { createIds } from './ids.ts'
import { createLifecycle, type Lifecycle } from './lifecycle.ts'
import type { Logger } from './logger.ts'
import { type Catalogue, createCatalogue, type Provider } from './models/catalogue.ts'
import { createProviders } from './models/providers.ts'
import { randomText } from './random-text.ts'
import { connectRedis, type Patience } from './redis.ts'
import { type RunningServer, startServer } from './server/server.ts'
import { defaultRetryPolicy } from './worker/retry.ts'
import { createWorker } from './worker/worker.ts'

/** A store of one of the two kinds, behind the ports. */
interface Engine {
  readonly log: ChannelLog
  /** For requests that someone waits for, and for workers, which can wait. */
  readonly runs: RunStore
  readonly workerRuns: RunStore
  readonly due: DueList
  readonly index: DispatchIndex
  readonly queue: Queue
  readonly consume: (handle: JobHandler) => Consumer
  readonly readiness: () => Promise<unknown>
  readonly onClosing: 'hand-over' | 'end'
}

export interface App {
  /** Null for a worker. */
  readonly url: string | null
  /** Takes no further work, hands over or ends what is in hand, closes connections. */
  close(): Promise<void>
}

const wallClock = () => Date.now()
const abortableSleep = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal })
const ids = createIds(randomText)

export interface AppOptions {
  readonly config: Config
  readonly role: Role
  readonly logger: Logger
  /** Instead of the configured ones; tests bring models of their own. */
  readonly providers?: readonly Provider[]
}

export async function startApp({ config, role, logger, providers }: AppOptions): Promise<App> {
  const onError = (error: unknown) => logger.warn({ err: error }, 'recovering')
  const lifecycle = createLifecycle(onError)
  try {
    const catalogue = openCatalogue(config, lifecycle, providers)
    const engine =
      config.redisUrl === null
        ? createMemoryEngine(config, onError)
        : await createRedisEngine({ ...config, redisUrl: config.redisUrl }, role, lifecycle, onError)

    const sweep = startSweep({
      ...engine,
      clock: wallClock,
      onError,
      intervalMs: 1000,
      batch: 500,
      repairMs: 30_000,
      orphanMs: 60_000,
    })
    lifecycle.onClose(() => sweep.close())
    if (role !== 'api') openWorker({ config, engine, catalogue, logger, lifecycle, onError })
    const server =
      role === 'worker' ? null : await openServer({ config, engine, catalogue, logger, lifecycle, onError })
    return { url: server?.url ?? null, close: lifecycle.close }
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

function openCatalogue(config: Config, lifecycle: Lifecycle, given: readonly Provider[] | undefined): Catalogue {
  const { defaultModel } = config
  if (given !== undefined) return createCatalogue({ providers: given, defaultModel })
  const { providers, unconfigured, close } = createProviders({
    openai: config.openai ?? undefined,
    anthropic: config.anthropic ?? undefined,
    compatible: config.compatible ?? undefined,
    fetch,
    // A wall clock that jumps would look like silence.
    clock: () => performance.now(),
    sleep: abortableSleep,
    random: Math.random,
    maxInFlight: config.modelConcurrency,
    silenceMs: config.modelSilenceMs,
  })
  lifecycle.onClose(close)
  return createCatalogue({ providers, unconfigured, defaultModel })
}

interface Parts {
  readonly config: Config
  readonly engine: Engine
  readonly catalogue: Catalogue
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  readonly onError: (error: unknown) => void
}

function openWorker({ config, engine, catalogue, logger, lifecycle, onError }: Parts): void {
  const work = createWorker({
    runs: engine.workerRuns,
    due: engine.due,
    openModel: (name) => {
      const resolved = catalogue.resolve(name)
      return 'model' in resolved ? resolved.model : null
    },
    ids,
    clock: wallClock,
    limits: { maxEntries: 500_000, maxBytes: 64_000_000 },
    lossLimit: 5,
    cancellationCheckMs: 500,
    calling: { retryPolicy: defaultRetryPolicy, sleep: abortableSleep, random: Math.random },
    onClosing: engine.onClosing,
    reportDefect: (error, { key }) => {
      const id = ids.errorId()
      logger.error({ err: error, id, account: key.account, channel: key.channel }, 'a run failed')
      return id
    },
    onError,
  })
  const consumer = engine.consume(work)
  lifecycle.onClose(() => consumer.close())
  logger.info({ concurrency: config.workerConcurrency }, 'worker started')
}

async function openServer({ config, engine, catalogue, logger, lifecycle, onError }: Parts): Promise<RunningServer> {
  const preflight: Preflight = {
    model: (name) => {
      const resolved = catalogue.resolve(name ?? undefined)
      return 'model' in resolved ? { name: resolved.model.name } : resolved
    },
    models: catalogue.list,
  }
  const dispatchConversation = createDispatchConversation({
    ...engine,
    preflight,
    ids,
    clock: wallClock,
    defaultLimits,
    repairMs: 5000,
  })
  const follower = createFollower(engine.log, { headCheckMs: 1000, onError })
  lifecycle.onClose(() => follower.close())
  const cancelDispatch = createCancelDispatch({ ...engine, follower, ids, patienceMs: 2000 })
  const server = await startServer({
    host: config.host,
    port: config.port,
    services: { ...engine, dispatchConversation, cancelDispatch, follower, preflight },
    reportDefect: (error) => {
      const id = ids.errorId()
      logger.error({ err: error, id }, 'a request failed')
      return id
    },
    readiness: engine.readiness,
    channelId: ids.channelId,
  })
  lifecycle.onClose(() => server.close())
  logger.info({ url: server.url }, 'listening')
  return server
}

function createMemoryEngine(config: Config, onError: (error: unknown) => void): Engine {
  const channels = createMemoryChannels(wallClock)
  const runs = createMemoryRunStore({
    channels,
    clock: wallClock,
    retention: { logSeconds: config.retentionSeconds, recordSeconds: config.recordRetentionSeconds },
    maxBytes: config.memoryBytes,
  })
  const queue = createMemoryQueue()
  return {
    log: channels,
    runs,
    workerRuns: runs,
    due: createMemoryDueList(),
    index: createMemoryDispatchIndex(),
    queue,
    consume: (handle) =>
      queue.consume({
        handle,
        concurrency: config.workerConcurrency,
        onError,
        retryDelayMs: 1000,
        graceMs: config.shutdownGraceMs,
      }),
    readiness: async () => {},
    onClosing: 'end',
  }
}

async function createRedisEngine(
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
  return {
    log: createRedisChannelLog({ reads: patient, subscriber }),
    runs: createRedisRunStore(requests, retention),
    workerRuns: createRedisRunStore(patient, retention),
    due: createRedisDueList(requests),
    index: createRedisDispatchIndex(requests),
    queue,
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
