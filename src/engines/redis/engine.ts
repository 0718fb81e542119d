import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { timings } from '../../config/timings.ts'
import { publicationLimits, type StoredLimits } from '../../dispatch/limits/stored-bytes.ts'
import { equalShare, shareOfPlaces } from '../../dispatch/schedule/fair-queue.ts'
import { Failure } from '../../kernel/errors.ts'
import { localAccount } from '../../kernel/ids.ts'
import { blockedLeases, type Engine, type EngineOptions, placeLeases, turnLeases } from '../engine.ts'
import { createRedisChannelLog, createRedisChannelReads } from './channel/channel.ts'
import { connectRedis, type Patience, readAtStart } from './connection.ts'
import { createRedisFairQueue } from './fair/fair-queue.ts'
import { dueKey, lineKeys } from './keys.ts'
import { createRedisDispatchRate } from './limits/dispatch-rate.ts'
import { shareOfMemory } from './limits/memory.ts'
import { createRedisPlaces } from './limits/places.ts'
import { createRedisUsedToday } from './limits/used-today.ts'
import { createRedisLineDueList, createRedisLines } from './line/line-store.ts'
import { createRedisTranscriptStore } from './line/transcript-store.ts'
import {
  createRedisConversationIndex,
  createRedisDispatchIndex,
  createRedisMemberIndex,
} from './lists/dispatch-index.ts'
import { findProblems } from './needs/check-needs.ts'
import { createFormTaker } from './needs/form.ts'
import { watchNeeds, wordsOf } from './needs/watch-needs.ts'
import { createRedisResultChannels } from './result-channel/result-channel.ts'
import { createRedisRunStore } from './run/run-store.ts'
import { createBullmqConsumer, createBullmqTokens, queueName } from './schedule/bullmq-queue.ts'
import { createRedisDueList } from './schedule/due-list.ts'
import { createLeaseKeeper } from './schedule/leases/lease-keeper.ts'
import { countParked, createRedisStandings } from './standing/standings.ts'
import { createRedisRecordStore } from './store/record-store.ts'
import { createRedisStore } from './store/store.ts'
import { createRedisDeliveries } from './webhook/deliveries.ts'
import { createRedisWebhookStore } from './webhook/webhook-store.ts'

/**
 * Redis: any number of API and worker processes. Requests use a connection that fails at once; workers and followers use
 * patient ones.
 */
export async function openRedisEngine(url: string, options: EngineOptions): Promise<Engine> {
  const {
    config,
    role,
    logLimits,
    lifecycle,
    onError,
    shareOf = () => equalShare,
    providerLimits = [],
    accounts = () => [localAccount],
  } = options
  const connect = async (name: string, patience: Patience): Promise<Redis> => {
    const redis = await connectRedis({ url, name, patience, onError })
    lifecycle.onClose(() => redis.disconnect())
    return redis
  }
  const impatient = await connect(`${role}-requests`, 'impatient')
  // Before BullMQ has a connection: refused what it asks for at its start, it asks again without a pause.
  const problems = await readAtStart(() => findProblems(impatient))
  if (problems.length > 0) throw new Failure('UNAVAILABLE', wordsOf(problems))
  const newer = await readAtStart(createFormTaker(impatient))
  if (newer !== null) throw new Failure('UNAVAILABLE', wordsOf([newer]))
  // A worker takes nothing more once a newer release writes what it cannot read.
  const drains: (() => void)[] = []
  const needs = watchNeeds(impatient, { onError, onOutdated: () => drains.forEach((drain) => void drain()) })
  lifecycle.onClose(() => needs.close())
  const patient = await connect(`${role}-patient`, 'patient')
  const subscriber = await connect(`${role}-subscriber`, 'patient')
  const tokens = createBullmqTokens(impatient, randomUUID)
  lifecycle.onClose(() => tokens.close())
  const retention = { logSeconds: config.retentionSeconds, recordSeconds: config.recordRetentionSeconds }
  const accountBytes = config.storedBytesPerAccount ?? (await readAtStart(() => shareOfMemory(impatient)))
  const limits: StoredLimits = { log: logLimits, accountBytes }
  const lineOptions = { accountBytes, keepSeconds: config.recordRetentionSeconds }
  const log = createRedisChannelLog({ reads: patient, subscriber })
  const runs = createRedisRunStore(patient, retention, limits)
  const places = createRedisPlaces(patient, { process: randomUUID(), leaseMs: config.leaseMs * placeLeases })
  const fairOn = (redis: Redis) =>
    createRedisFairQueue(redis, {
      limit: async () => config.runningDispatches ?? shareOfPlaces(await places.total()),
      shareOf,
      leaseMs: config.leaseMs * turnLeases,
      limits: providerLimits,
      sweepMs: timings.turnSweepMs * 0.9,
      tokens,
      onError,
    })
  const fair = fairOn(patient)
  const requested = fairOn(impatient)
  return {
    requests: {
      log: createRedisChannelReads(impatient),
      runs: createRedisRunStore(impatient, retention, limits),
      results: createRedisResultChannels(
        impatient,
        {
          logSeconds: config.retentionSeconds,
          earlyMs: timings.earlyMessageMs,
          waitSeconds: timings.waitingCallSeconds,
          ...publicationLimits(logLimits),
        },
        accountBytes,
      ),
      due: createRedisDueList(impatient),
      lines: createRedisLines(impatient, lineOptions),
      lineDue: createRedisLineDueList(impatient),
      transcripts: createRedisTranscriptStore(impatient, retention),
      index: createRedisDispatchIndex(impatient),
      members: createRedisMemberIndex(impatient),
      conversations: createRedisConversationIndex(impatient),
      rate: createRedisDispatchRate(impatient, config.dispatchesPerMinute),
      usedToday: createRedisUsedToday(impatient),
      standings: createRedisStandings(impatient),
      store: createRedisStore(impatient, accountBytes),
      records: createRedisRecordStore(impatient, accountBytes),
      webhooks: createRedisWebhookStore(impatient, accountBytes),
      deliveries: createRedisDeliveries(impatient),
      queue: { add: requested.join },
    },
    workers: {
      runs,
      fair,
      providerLimits: fair,
      usedToday: createRedisUsedToday(patient),
      store: createRedisStore(patient, accountBytes),
    },
    followers: {
      log,
      runs,
      transcripts: createRedisTranscriptStore(patient, retention),
      lines: {
        ...createRedisLines(patient, lineOptions),
        watch: (key, listener) => log.watchTopic(lineKeys(key).topic, listener),
      },
    },
    consume(handle, concurrency, onTurn = () => {}) {
      const leave = places.open(concurrency)
      const { leaseMs, shutdownGraceMs: graceMs } = config
      const blockedMs = leaseMs * blockedLeases
      const leases = createLeaseKeeper({ url, name: `${role}-leases`, queue: queueName, leaseMs, blockedMs, onError })
      const given = { redis: patient, concurrency, leaseMs, leases, graceMs, handle, fair, onTurn, onError }
      const consumer = createBullmqConsumer(given)
      const drain = () => {
        leave()
        consumer.drain()
      }
      drains.push(drain)
      return {
        drain,
        async close() {
          drain()
          await consumer.close()
        },
      }
    },
    async backlog() {
      // First the one that fails at once while Redis is away.
      const backlog = await requested.backlog()
      const [due, total, parked] = await Promise.all([
        impatient.zcard(dueKey),
        places.total(),
        countParked(impatient, accounts()),
      ])
      return { ...backlog, due, places: total, parked }
    },
    async readiness() {
      await needs.current()
      await impatient.ping()
    },
    ownKeys: null,
  }
}
