import { setImmediate } from 'node:timers/promises'
import { beforeEach, expect, test, vi } from 'vitest'
import { type ChannelId, localAccount } from '../../../src/kernel/ids.ts'
import type { Model } from '../../../src/models/model.ts'
import { atLength } from '../../support/at-length.ts'
import { holdTimers } from '../../support/held-timers.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, startRun } from '../../support/run/runs.ts'
import { scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { expectHeldBelow, heldBytes } from '../../support/watching/held-bytes.ts'
import { openManyWatchers } from '../../support/watching/many-watchers.ts'
import { dispatch } from '../../support/watching/watchers.ts'

/** A process that is as busy as this one answers pings late. The server would cut its sockets off after 12 seconds. */
beforeEach(() => holdTimers(10_000).release)

/** On a busy machine, ten thousand sockets' turns may take longer than the five seconds that a worker may be silent. */
const longLease = { LEASE_MS: '120000' }

const subscriptions = atLength(400, 10_000)
const dispatches = atLength(300, 1000)
const lateReaders = atLength(25, 50)
/** Of 500 entries each. */
const batches = atLength(40, 203)

test(`${subscriptions} subscriptions on one process get every event and leave nothing behind`, async () => {
  const redis = await startRedis()
  const service = await startService({ redisUrl: redis.url, model: 'demo/delayMs=0/words=20', env: longLease })
  // Once, because its connections, and the texts of their scripts, stay until the test is over.
  const engine = await connectRedisEngine(redis.url)
  /** So many over 20 sockets, 100 on a channel, all there before the runs begin. */
  const round = async (count: number) => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => openManyWatchers(service)))
    const channels = Array.from({ length: count / 100 }, () => ids.channelId())
    const watches = channels.flatMap((channelId) =>
      Array.from({ length: 100 }, (_, n) => sockets[n % 20]?.watch(channelId)),
    )
    await vi.waitFor(
      async () => expect(await engine.redis.pubsub('NUMSUB', ...channels.map(topicOf))).not.toContain(0),
      { timeout: 60_000 },
    )
    for (const channelId of channels) await dispatch(service, { channelId })
    const seen = await Promise.all(watches)
    for (const socket of sockets) socket.close()
    expect(seen).toHaveLength(count)
    for (const [n, watched] of seen.entries()) {
      expect(watched?.last).toBe('DispatchCompleted')
      expect(watched?.text.split(' ')).toHaveLength(20)
      expect(watched?.text).toBe(seen[n - (n % 100)]?.text)
    }
  }
  await round(Math.min(subscriptions, 1000))
  const before = await heldBytes()
  await round(subscriptions)
  // 300 bytes a subscription; one that stayed would hold 13 KB.
  await expectHeldBelow(before + 3_000_000)
}, 300_000)

const topicOf = (channelId: string) => `bc:{a/local/${channelId}}`

/** Sends it again where the connection breaks: it is one dispatch all the same. */
async function dispatchSurely(service: Service, channelId: string): Promise<string> {
  for (;;) {
    try {
      return await dispatch(service, { channelId })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
}

test(`${dispatches} simultaneous dispatches each run once, 50 at a time`, async () => {
  const redis = await startRedis()
  let running = 0
  let most = 0
  /** Until then the first ones wait for each other; one too many has time enough to come. */
  const allAtOnce = Promise.withResolvers<void>()
  const turnsOfGrace = async () => {
    for (let turn = 0; turn < 2000; turn++) await setImmediate()
    allAtOnce.resolve()
  }
  const model: Model = {
    name: 'counting',
    async *stream() {
      running += 1
      most = Math.max(most, running)
      if (running === 50) void turnsOfGrace()
      await allAtOnce.promise
      for (let n = 0; n < 20; n++) {
        await setImmediate()
        yield { type: 'text', text: 'word ' }
      }
      running -= 1
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 20, reasoningTokens: 0 }
      yield { type: 'finish', finish: 'stop', usage }
    },
  }
  const service = await startService({
    redisUrl: redis.url,
    model: 'counting',
    providers: [scriptedProvider(model)],
    env: { ...longLease, WORKER_CONCURRENCY: '50', RUNNING_DISPATCHES: '0' },
  })
  const round = async (count: number) => {
    const channels = await Promise.all(Array.from({ length: count }, () => dispatchSurely(service, ids.channelId())))
    expect(new Set(channels).size).toBe(count)
    const socket = await openManyWatchers(service)
    const seen = await Promise.all(channels.map((channelId) => socket.watch(channelId)))
    socket.close()
    expect(new Set(seen.map(({ text, last }) => `${last}: ${text}`))).toEqual(
      new Set([`DispatchCompleted: ${'word '.repeat(20)}`]),
    )
    const engine = await connectRedisEngine(redis.url)
    const records = await engine.runs.find(
      channels.map((channel) => ({ account: localAccount, channel: channel as ChannelId })),
    )
    await engine.close()
    expect(new Set(records.map((record) => `${record?.status} ${record?.attempts}`))).toEqual(new Set(['completed 1']))
  }
  await round(dispatches)
  const before = await heldBytes()
  await round(dispatches)
  expect(most).toBe(50)
  // 2 KB a run, with what BullMQ and the HTTP client keep of it; it does not grow with the words.
  await expectHeldBelow(before + 4_000_000)
}, 300_000)

test(`${lateReaders} late readers read a log of more than ${batches * 500} entries to its end and leave nothing behind`, async () => {
  const redis = await startRedis()
  const service = await startService({ redisUrl: redis.url, role: 'api' })
  const engine = await connectRedisEngine(redis.url)
  const key = { account: localAccount, channel: ids.channelId() }
  const writer = await startRun(engine.runs, key)
  let text = ''
  // A reader's last page is about as large as pages get, so that a page kept for each of them shows.
  for (let n = 0; n < batches; n++) {
    const words = 'word '.repeat(n < batches - 8 ? 1 : 25)
    const deltas = Array.from({ length: 500 }, () => {
      const delta = { type: 'text-delta', messageId: 'm2', position: text.length, text: words } as const
      text += delta.text
      return delta
    })
    await writer.append(...deltas)
  }
  await writer.finish()
  expect(await engine.redis.xlen(`${topicOf(key.channel)}:log`)).toBe(batches * 500 + 3)

  const socket = await openManyWatchers(service)
  expect(await socket.watch(key.channel)).toEqual({ text, last: 'DispatchCompleted' })
  const before = await heldBytes()
  const seen = await Promise.all(Array.from({ length: lateReaders }, () => socket.watch(key.channel)))
  for (const watched of seen.splice(0)) expect(watched).toEqual({ text, last: 'DispatchCompleted' })
  // The last page that each has read has 190,000 characters.
  await expectHeldBelow(before + 3_000_000)
}, 300_000)
