import { beforeAll, expect, test, vi } from 'vitest'
import type { ChannelEvent } from '../../../src/conversation/event.ts'
import { ledgerKeys, transcriptKeys } from '../../../src/engines/redis/keys.ts'
import type { AccountId, ChannelKey } from '../../../src/kernel/ids.ts'
import { type Engine, openEngine } from '../../conformance/engines.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, newRun, startRun } from '../../support/run/runs.ts'

const account = 'acme' as AccountId
const { held, ends } = ledgerKeys(account)
const newKey = (): ChannelKey => ({ account, channel: ids.channelId() })
const delta = (n: number): ChannelEvent => ({
  type: 'text-delta',
  messageId: 'm2',
  position: n * 100,
  text: 'x'.repeat(100),
})

let redis: Awaited<ReturnType<typeof connectRedisEngine>>['redis']
let engine: Engine
beforeAll(async () => {
  const server = await startRedis()
  redis = (await connectRedisEngine(server.url)).redis
  engine = await openEngine({ REDIS_URL: server.url }, { retentionSeconds: 1, recordRetentionSeconds: 2 })
})

const ledger = async () => {
  const { total = '0', ...entries } = await redis.hgetall(held)
  const names = Object.keys(entries)
  return { total: Number(total), entries, names }
}

/** The sum is that of the entries, each entry has an end, and nothing else has. */
const isWhole = async () => {
  const { total, entries, names } = await ledger()
  expect(Object.values(entries).reduce((sum, bytes) => sum + Number(bytes), 0)).toBe(total)
  expect((await redis.zrangebyscore(ends, '-inf', '+inf')).sort()).toEqual(names.sort())
}

/** Every way in which something is stored, ends or goes, one after the other. */
const steps: readonly (() => Promise<unknown>)[] = [
  () => engine.runs.create(newKey(), newRun()),
  async () => {
    const writer = await startRun(engine.runs, newKey())
    for (let n = 0; n < 50; n++) await writer.append(delta(n))
    await writer.finish()
  },
  async () => {
    const key = newKey()
    const { claim } = await startRun(engine.runs, key)
    await engine.runs.keepFile(key, claim, { id: 'f', content: new Uint8Array(100_000) })
    await engine.runs.cancel(key, { cancellation: { reason: 'no' }, isForced: true, tag: ids.tag() })
  },
  async () => {
    const key = newKey()
    await engine.results.publish(key, { message: { n: 1 }, tag: ids.tag(), epoch: ids.nonce() })
    await isWhole()
    await engine.results.publish(key, { message: { n: 2 }, tag: ids.tag(), epoch: ids.nonce() })
    await isWhole()
    await (await startRun(engine.runs, key)).finish()
  },
  async () => {
    const one = newKey()
    await (await startRun(engine.runs, one)).finish()
    const continues = { channel: one.channel, messages: 1, ownTurns: [] }
    const two = newKey()
    await engine.runs.create(two, newRun({ continues }))
    await isWhole()
    const { entries } = await ledger()
    const { segments } = transcriptKeys(account, one.channel)
    expect(Number(entries[segments])).toBeGreaterThan((await redis.hget(segments, 's0'))?.length ?? 0)
    await (await startRun(engine.runs, newKey(), { continues })).finish()
    await isWhole()
    await engine.runs.cancel(two, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
  },
  () => engine.results.publish(newKey(), { message: { n: 1 }, tag: ids.tag(), epoch: ids.nonce() }),
  async () => {
    const key = newKey()
    await engine.runs.create(key, newRun())
    for (const claim of ['a', 'b', 'c']) await engine.runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 1 })
  },
  async () => {
    const collection = { account, kind: 'dataset' as const }
    const id = ids.resourceId('dataset')
    const record = (text: string) => ({ id: ids.resourceId('record'), text, meta: null })
    const first = record('one')
    const key = { account, dataset: id }
    const limits = { records: 10, bytes: 100_000 }
    await engine.store.create(collection, { id, fields: { name: 'd', description: null }, records: [first] })
    await isWhole()
    await engine.records.add(key, record('x'.repeat(1000)), limits)
    await isWhole()
    await engine.records.update(key, first.id, { text: 'y'.repeat(500), limits })
    await isWhole()
    await engine.records.remove(key, first.id)
    await isWhole()
    await engine.store.update(collection, id, { fields: { name: 'e' }, records: [record('z')] })
    await isWhole()
    await engine.store.remove(collection, id)
  },
]

test('the sum of an account is always that of its entries, and everything leaves it again', async () => {
  for (let round = 0; round < 3; round++) {
    for (const step of steps) {
      await step()
      await isWhole()
    }
  }
  const live = await redis.keys(`bc:{a/${account}/*}:run`)
  for (const name of live) {
    const channel = name.slice(name.lastIndexOf('/') + 1, name.indexOf('}')) as ChannelKey['channel']
    await engine.runs.cancel({ account, channel }, { cancellation: { reason: null }, isForced: true, tag: ids.tag() })
  }
  await isWhole()
  // The last entry takes the ledger along.
  await vi.waitFor(async () => expect(await redis.exists(held, ends)).toBe(0), { timeout: 8000, interval: 100 })
})

test('most appends of a run leave the ledger alone', async () => {
  const writer = await startRun(engine.runs, newKey())
  const seen = new Set<number>()
  for (let n = 0; n < 500; n++) {
    await writer.append(delta(n))
    seen.add((await ledger()).total)
  }
  expect(seen.size).toBeLessThan(20)
  await isWhole()
})

test('expired entries are dropped by whoever stores next', async () => {
  for (let n = 0; n < 30; n++) await (await startRun(engine.runs, newKey())).finish()
  const before = (await ledger()).names.length
  expect(before).toBeGreaterThanOrEqual(60)
  await vi.waitFor(
    async () => {
      await engine.runs.create(newKey(), newRun())
      expect((await ledger()).names.length).toBeLessThan(before - 30)
    },
    { timeout: 8000, interval: 100 },
  )
})

// Elsewhere a counter's expiry was set once and never put off: it was forgotten while what it counted was there.
test('the ledger does not expire while something is there that does not', async () => {
  await redis.flushdb()
  await (await startRun(engine.runs, newKey())).finish()
  expect(await redis.pttl(held)).toBeGreaterThan(0)
  const key = newKey()
  await engine.runs.create(key, newRun())
  await (await startRun(engine.runs, newKey())).finish()
  expect([await redis.pttl(held), await redis.pttl(ends)]).toEqual([-1, -1])
  await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: true, tag: ids.tag() })
})
