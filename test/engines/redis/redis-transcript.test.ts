import { beforeAll, expect, test, vi } from 'vitest'
import type { Message } from '../../../src/conversation/message.ts'
import { type NewRun, queuedEvent } from '../../../src/dispatch/run-store.ts'
import { channelKeys, transcriptKeys } from '../../../src/engines/redis/keys.ts'
import { createRedisRunStore } from '../../../src/engines/redis/run/run-store.ts'
import { type Engine, openEngine } from '../../conformance/engines.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, newKey, newRun, startRun } from '../../support/run/runs.ts'

let redis: Awaited<ReturnType<typeof connectRedisEngine>>['redis']
let engine: Engine
beforeAll(async () => {
  const server = await startRedis()
  redis = (await connectRedisEngine(server.url)).redis
  engine = await openEngine({ REDIS_URL: server.url })
})

const first = async (key: ReturnType<typeof newKey>) => (await engine.runs.facts(key))[0]?.event

/** A chain of ended dispatches, each with one message of its own; `next` continues the last. */
const chain = async (length: number) => {
  const keys = [newKey()]
  const message = (n: number): Message => ({ id: `m${n}`, type: 'user', text: 'x'.repeat(1000) })
  await (await startRun(engine.runs, keys[0] as (typeof keys)[0], { messages: [message(0)] })).finish()
  const next = () => {
    const continues = { channel: (keys.at(-1) as (typeof keys)[0]).channel, messages: keys.length, ownTurns: [] }
    return { messages: Array.from({ length: keys.length + 1 }, (_, n) => message(n)), continues }
  }
  while (keys.length < length) {
    const key = newKey()
    await (await startRun(engine.runs, key, next())).finish()
    keys.push(key)
  }
  return { keys, next }
}

test('a chain of dispatches has one list, and no copy in any log', async () => {
  const { keys } = await chain(20)
  const root = keys[0] as (typeof keys)[0]
  const { segments } = transcriptKeys(root.account, root.channel)
  expect(await redis.hget(segments, 'length')).toBe('19')
  for (const key of keys) {
    const [[, [, , , payload = '']] = ['', []]] = await redis.xrange(channelKeys(key).log, '-', '+', 'COUNT', 1)
    expect(payload.length).toBeLessThan(1200)
  }
})

test('what many dispatches continue is sent to Redis once', async () => {
  const before = newKey()
  const said: readonly Message[] = [{ id: 'm1', type: 'user', text: 'x'.repeat(400_000) }]
  await (await startRun(engine.runs, before, { messages: said })).finish()
  const sentFor = async (text: string) => {
    const received = async () => Number(/total_net_input_bytes:(\d+)/.exec(await redis.info('stats'))?.[1])
    const start = await received()
    const messages: readonly Message[] = [...said, { id: 'm2', type: 'user', text }]
    const run = newRun({ messages, continues: { channel: before.channel, messages: 1, ownTurns: [] } })
    const key = newKey()
    await engine.runs.create(key, run)
    expect(await first(key)).toEqual(queuedEvent(run))
    return (await received()) - start
  }
  expect(await sentFor('one')).toBeGreaterThan(400_000)
  expect(await sentFor('two')).toBeLessThan(40_000)
})

// The continued log was read, and its transcript expired before the new run was created.
test('a transcript that has gone in between is written again, whole', async () => {
  const { keys, next } = await chain(3)
  const root = keys[0] as (typeof keys)[0]
  const { segments, holders } = transcriptKeys(root.account, root.channel)
  await redis.del(segments, holders)
  const key = newKey()
  const run = newRun(next())
  await engine.runs.create(key, run)
  expect(await first(key)).toEqual(queuedEvent(run))
})

test('two that continue different dispatches at the same place part, at the same moment, too', async () => {
  const { keys, next } = await chain(1)
  const [left, right] = [newKey(), newKey()]
  for (const key of [left, right]) await (await startRun(engine.runs, key, next())).finish()
  const after = (from: typeof left, name: string) => {
    const { messages } = next()
    const own = { id: `own-${name}`, type: 'bot', text: name } as const
    return newRun({
      messages: [...messages, own, { id: `new-${name}`, type: 'user', text: name }],
      continues: { channel: from.channel, messages: messages.length + 1, ownTurns: [] },
    })
  }
  const runs = [left, right, left, right].map((from, n) => ({ key: newKey(), run: after(from, `${n % 2}`) }))
  await Promise.all(runs.map(({ key, run }) => engine.runs.create(key, run)))
  for (const { key, run } of runs) expect(await first(key)).toEqual(queuedEvent(run))
  expect(keys).toHaveLength(1)
})

test('while a run lives its transcript has no expiry; the sweep ends that where the ending could not', async () => {
  const { keys, next } = await chain(1)
  const root = keys[0] as (typeof keys)[0]
  const { segments, holders } = transcriptKeys(root.account, root.channel)
  const key = newKey()
  await engine.runs.create(key, newRun(next()))
  expect([await redis.pttl(segments), await redis.pttl(holders)]).toEqual([-1, -1])
  // As a crash right after the ending leaves it.
  await redis.hset(channelKeys(key).run, 'status', 'cancelled', 'finishedAt', Date.now())
  await engine.runs.letGo(key)
  await vi.waitFor(async () => expect(await redis.pttl(segments)).toBeGreaterThan(3_590_000))
  expect(await redis.pttl(segments)).toBeLessThan(3_603_000)
  await engine.runs.create(newKey(), newRun(next()))
  expect([await redis.pttl(segments), await redis.pttl(holders)]).toEqual([-1, -1])
})

test('a run that ends because its workers were lost lets go of its transcript at once', async () => {
  const { keys, next } = await chain(1)
  const root = keys[0] as (typeof keys)[0]
  const { segments, holders } = transcriptKeys(root.account, root.channel)
  const key = newKey()
  await engine.runs.create(key, newRun(next()))
  for (const claim of ['a', 'b']) {
    expect(await redis.pttl(segments)).toBe(-1)
    const reply = await engine.runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 0 })
    expect(reply.outcome).toBe(claim === 'a' ? 'claimed' : 'stale')
  }
  expect(await engine.runs.find([key])).toMatchObject([{ status: 'failed', error: { code: 'WORKER_LOST' } }])
  for (const kept of [segments, holders]) expect(await redis.pttl(kept)).toBeGreaterThan(3_590_000)
})

test('a transcript of several pages is whole and in order', async () => {
  const log = { maxEntries: 1000, maxBytes: 64_000_000 }
  const runs = createRedisRunStore(redis, { logSeconds: 60, recordSeconds: 60 }, { log, accountBytes: 0 })
  const sizes = [1_200_000, 10, 400_000, 400_000, 400_000, 10]
  let before: { readonly key: ReturnType<typeof newKey>; readonly messages: readonly Message[] } | null = null
  for (const [n, size] of sizes.entries()) {
    const key = newKey()
    const earlier: readonly Message[] = before?.messages ?? []
    const messages: readonly Message[] = [...earlier, { id: `m${n}`, type: 'user', text: `${n}`.repeat(size) }]
    const continues: Partial<NewRun> =
      before === null ? {} : { continues: { channel: before.key.channel, messages: earlier.length, ownTurns: [] } }
    await (await startRun(runs, key, { messages, ...continues })).finish()
    before = { key, messages }
  }
  const [fact] = await runs.facts(before?.key ?? newKey())
  expect(fact?.event).toEqual(queuedEvent({ messages: before?.messages ?? [] }))
})

test('a run that ended before it began, that is gone, or that has begun without it needs no transcript; one at work keeps its own', async () => {
  const { keys, next } = await chain(2)
  const root = keys[0] as (typeof keys)[0]
  const place = { root: root.channel, length: 1, messages: 1 }
  const { holders } = transcriptKeys(root.account, root.channel)
  const [ended, gone, atWork, withoutIt] = [newKey(), newKey(), newKey(), newKey()]
  await (await startRun(engine.runs, ended)).finish()
  await engine.runs.create(atWork, newRun(next()))
  // Its channel's earlier run was removed, which had held the list.
  await engine.runs.create(withoutIt, newRun())
  for (const key of [ended, gone, atWork, withoutIt]) {
    // As a script that was late has left it.
    await engine.transcripts.hold(key, place)
    await engine.transcripts.release(key, place)
  }
  const held = await redis.zrange(holders, '0', '-1')
  const isHeldBy = ({ channel }: typeof gone) => held.includes(channel)
  expect([ended, gone, withoutIt, atWork].map(isHeldBy)).toEqual([false, false, false, true])
})
