import { beforeAll, describe, expect, test, vi } from 'vitest'
import { noUsage } from '../../../src/conversation/usage.ts'
import { createPackLog } from '../../../src/engines/redis/channel/pack-log.ts'
import { packLog, unpackLog } from '../../../src/engines/redis/channel/packed-log.ts'
import { pageOfPacked } from '../../../src/engines/redis/channel/packed-reads.ts'
import { channelKeys, ledgerKeys } from '../../../src/engines/redis/keys.ts'
import type { ChannelKey } from '../../../src/kernel/ids.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { connectRedisEngine, type RedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { newKey, startRun } from '../../support/run/runs.ts'

let engine: RedisEngine
beforeAll(async () => {
  const server = await startRedis()
  engine = await connectRedisEngine(server.url)
})

const words = Array.from({ length: 200 }, (_, n) => `word${(n * 7919) % 1000} `)

/** A run that says these tokens, each with an append of its own, and has ended. */
async function talk(key: ChannelKey, tokens: readonly string[] = words) {
  const writer = await startRun(engine.runs, key)
  await Promise.all(tokens.map((word) => writer.say(word)))
  const text = tokens.join('')
  await writer.append({ type: 'message-completed', message: { id: 'm2', type: 'bot', text } })
  await writer.append({ type: 'dispatch-completed', result: { text, finishReason: 'stop' }, usage: noUsage })
}

/** The bytes of all keys of a channel. */
async function bytesOf(key: ChannelKey): Promise<number> {
  const names = await engine.redis.keys(`${channelKeys(key).topic}:*`)
  const sizes = await Promise.all(names.map((name) => engine.redis.memory('USAGE', name, 'SAMPLES', 0)))
  return sizes.reduce((sum: number, size) => sum + Number(size), 0)
}

const kept = async (key: ChannelKey) => {
  const { log, facts, packed } = channelKeys(key)
  const names = await Promise.all([log, facts, packed].map((name) => engine.redis.exists(name)))
  return names.map(Boolean)
}
const inStreams = [true, true, false]
const inOne = [false, false, true]

describe('the log of a run that has ended, once it is compacted', () => {
  test('is one value: 200 tokens, one append each, take at most 8 KB with everything else of the run', async () => {
    const key = newKey()
    await talk(key)
    const before = await bytesOf(key)
    expect(await kept(key)).toEqual(inStreams)
    await engine.runs.compact(key)
    expect(await kept(key)).toEqual(inOne)
    expect(before).toBeGreaterThan(25_000)
    expect(await bytesOf(key)).toBeLessThanOrEqual(8192)
  })

  test('expires when its streams would have expired', async () => {
    const key = newKey()
    await talk(key)
    const { log, packed } = channelKeys(key)
    await engine.redis.pexpire(log, 60_000)
    await engine.runs.compact(key)
    expect(await engine.redis.pttl(packed)).toBeGreaterThan(50_000)
    expect(await engine.redis.pttl(packed)).toBeLessThanOrEqual(60_000)
  })

  test('counts for its account with what it takes', async () => {
    const key = newKey()
    await talk(key)
    const { held, ends } = ledgerKeys(key.account)
    const { head, packed } = channelKeys(key)
    const [before, total, end] = [
      await engine.redis.hget(held, head),
      await engine.redis.hget(held, 'total'),
      await engine.redis.zscore(ends, head),
    ]
    await engine.runs.compact(key)
    const after = Number(await engine.redis.hget(held, head))
    const saved = Number(before) - after
    expect(saved).toBeGreaterThan(20_000)
    expect(after).toBeGreaterThanOrEqual(await engine.redis.strlen(packed))
    expect(Number(await engine.redis.hget(held, 'total'))).toBe(Number(total) - saved)
    expect(await engine.redis.zscore(ends, head)).toBe(end)
  })

  test('goes with the run', async () => {
    const key = newKey()
    await talk(key)
    await engine.runs.compact(key)
    expect(await engine.runs.remove(key)).toBe('removed')
    expect(await engine.redis.keys(`${channelKeys(key).topic}*`)).toEqual([])
  })

  test('expires a cursor of another log, of no entry, or of an entry that was lost, as before', async () => {
    const key = newKey()
    await talk(key)
    const page = await engine.log.read(key, null, { maxEntries: null, maxBytes: 100_000 })
    const { epoch = '', last = 0, entries = [] } = page ?? {}
    const [{ offset = 0, tag = '' } = {}] = entries.slice(3)
    const cursor = { epoch, offset, tag }
    const cursors = [
      cursor,
      { ...cursor, tag: '' },
      { ...cursor, epoch: 'another' },
      { ...cursor, offset: last + 1 },
      { ...cursor, tag: 'another' },
    ]
    const read = async (from: typeof cursor) => {
      const reading = engine.log.read(key, from, { maxEntries: null, maxBytes: 100_000 })
      return reading.then(
        (rest) => rest?.entries.map((entry) => entry.offset),
        (error: Error) => error.message,
      )
    }
    const before = await Promise.all(cursors.map(read))
    expect(before.map((answer) => typeof answer)).toEqual(['object', 'object', 'string', 'string', 'string'])
    expect(new Set(before.slice(2)).size).toBe(3)
    await engine.runs.compact(key)
    expect(await kept(key)).toEqual(inOne)
    expect(await Promise.all(cursors.map(read))).toEqual(before)
  })

  test('whoever reads while it is deleted is told so', async () => {
    const key = newKey()
    await talk(key)
    await engine.runs.compact(key)
    await engine.redis.del(channelKeys(key).packed)
    const read = engine.log.read(key, null, { maxEntries: null, maxBytes: 1000 })
    await expect(read).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
    expect(await engine.runs.facts(key)).toEqual([])
  })
})

describe('stays in its streams', () => {
  test('a log that has not ended', async () => {
    const key = newKey()
    await (await startRun(engine.runs, key)).say('word')
    await engine.runs.compact(key)
    expect(await kept(key)).toEqual(inStreams)
  })

  test.each([
    ['in bytes', ['x'.repeat(70_000)]],
    ['in entries', Array.from({ length: 4000 }, () => 'w')],
  ])('a log that is too large %s', async (_name, tokens) => {
    const key = newKey()
    await talk(key, tokens)
    await engine.runs.compact(key)
    expect(await kept(key)).toEqual(inStreams)
  })

  test('a log that has another history by the time it would be packed', async () => {
    const key = newKey()
    await talk(key)
    const { log } = channelKeys(key)
    const redis = opened(engine.redis.duplicate(), (it) => it.disconnect())
    const packLog = createPackLog(redis)
    const xrange = redis.xrange.bind(redis)
    // The store has gone back, and the worker has said something else in the same places.
    vi.spyOn(redis, 'xrange').mockImplementationOnce(async (...args) => {
      const read = await xrange(...(args as Parameters<typeof xrange>))
      const [, fields = []] = read[50] ?? []
      await engine.redis.del(log)
      for (const [index, [id, own]] of read.entries()) {
        await engine.redis.xadd(log, id, ...(index === 50 ? fields.with(5, 'othertag') : own))
      }
      await engine.redis.expire(log, 3600)
      return read
    })
    await packLog(key)
    expect(await kept(key)).toEqual(inStreams)
    await packLog(key)
    expect(await kept(key)).toEqual(inOne)
  })
})

test('the facts of a packed log are those of its streams', async () => {
  const key = newKey()
  await talk(key)
  const whole = await engine.runs.facts(key)
  await engine.runs.compact(key)
  expect(await engine.runs.facts(key)).toEqual(whole)
  expect(whole.map(({ event }) => event.type)).toEqual([
    'dispatch-queued',
    'dispatch-started',
    'message-completed',
    'dispatch-completed',
  ])
})

test('packing keeps each entry as it is: escapes, gaps of position, messages in turn, tags, times', () => {
  const id = (name: string) => `msg_${name.repeat(22)}`
  const said = [
    `${id('a')} 0 "one \\"quoted\\" \\\\ \\n"`,
    `${id('a')} 15 "\\ud83d\\ude42"`,
    `${id('a')} 17 ""`,
    `${id('a')} 17 "goes on"`,
    `${id('a')} 40 "after a gap"`,
    `${id('b')} 0 "another"`,
    `${id('a')} 51 "the first again"`,
  ]
  const rows = said.map((payload, index) => {
    return { offset: index + 2, kind: 'text-delta', payload, tag: `t${index}`, at: 1_796_000_000_000 + index * index }
  })
  const first = { offset: 1, kind: 'dispatch-queued', payload: '{"messages":[{"n":12345678901234567890}]}' }
  const other = { ...rows[0], offset: 9, kind: 'reasoning-delta', payload: `${id('a')} 66 "no text"`, tag: 't', at: 1 }
  const log = { epoch: 'e', rows: [{ ...first, tag: '', at: 1_795_999_999_999 }, ...rows, other] } as never
  expect(unpackLog(packLog(log))).toEqual(log)
})

test('a packed log that has taken the place of the one that was looked at expires the cursor', () => {
  const rows = [{ offset: 1, kind: 'dispatch-queued', payload: '{}', tag: 'tag', at: 1 }] as const
  const page = (epoch: string, offset: number) => () =>
    pageOfPacked({ epoch: 'this', rows }, { epoch, offset, tag: '' }, { maxEntries: null, maxBytes: 1000 })
  expect(page('another', 1)).toThrow('belongs to another log')
  expect(page('this', 2)).toThrow('is ahead of the log')
})
