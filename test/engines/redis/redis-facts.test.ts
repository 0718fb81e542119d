import { expect, test } from 'vitest'
import { channelKeys } from '../../../src/engines/redis/keys.ts'
import { createFactsReader, factsPageBytes } from '../../../src/engines/redis/run/facts.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, newKey, newRun } from '../../support/run/runs.ts'

type Command = (...args: readonly unknown[]) => Promise<unknown>

/** A run with twelve facts of 300 KB, and a reader of its facts that knows the size of each page. */
async function openPlace() {
  const server = await startRedis()
  const engine = await connectRedisEngine(server.url)
  const key = newKey()
  await engine.runs.create(key, newRun())
  await engine.runs.claim(key, { wake: 1, claim: 'c1', tag: ids.tag(), lossLimit: 5 })
  for (let seq = 1; seq <= 12; seq++) {
    const message = { id: ids.messageId(), type: 'bot', text: `${seq} ${'x'.repeat(300_000)}` } as const
    const events = [{ type: 'message-completed', message }] as const
    await engine.runs.append(key, { claim: 'c1', seq, tag: ids.tag(), events, open: [] })
  }
  const redis = opened(engine.redis.duplicate(), (it) => it.disconnect())
  const readFacts = createFactsReader(redis)
  const commands = redis as unknown as Record<string, Command>
  const command = commands['backchannel-facts'] as Command
  const pages: number[] = []
  const place = { engine, key, facts: channelKeys(key).facts, pages, readFacts, between: async () => {} }
  commands['backchannel-facts'] = async (...args) => {
    const reply = await command.apply(redis, [...args])
    pages.push(JSON.stringify(reply).length)
    if (pages.length === 1) await place.between()
    return reply
  }
  return place
}

test('the facts of a long run come in pages, one after the other', async () => {
  const { engine, facts, key, pages, readFacts } = await openPlace()
  const whole = await engine.redis.xrange(facts, '-', '+')
  const read = await readFacts(key)
  expect(read.map(({ offset, tag }) => [`${offset}-0`, tag])).toEqual(whole.map(([id, fields]) => [id, fields[5]]))
  expect(pages).toHaveLength(3)
  expect(Math.max(...pages)).toBeLessThan(factsPageBytes + 310_000)
})

test('whoever claims it has all of them, with the start of the attempt at the end', async () => {
  const { engine, key, readFacts } = await openPlace()
  await engine.runs.release(key, 'c1')
  const before = await readFacts(key)
  const reply = await engine.runs.claim(key, { wake: 1, claim: 'c2', tag: ids.tag(), lossLimit: 5 })
  const claimed = reply.outcome === 'claimed' ? reply.claimed.facts : []
  expect(claimed.slice(0, -1)).toEqual(before)
  expect(claimed.at(-1)?.event).toMatchObject({ type: 'dispatch-started', attempt: 2 })
})

test('a store that goes back while they are read, and has others then, is read anew', async () => {
  const place = await openPlace()
  const { engine, facts, key, readFacts } = place
  place.between = async () => {
    const whole = await engine.redis.xrange(facts, '-', '+')
    await engine.redis.del(facts)
    for (const [id, [k = '', kind = '', p = '', payload = '', t = '', tag = '', ...rest]] of whole) {
      await engine.redis.xadd(facts, id, k, kind, p, payload, t, `${tag}-again`, ...rest)
    }
  }
  const read = await readFacts(key)
  expect(read).toHaveLength(14)
  expect(read.filter(({ tag }) => !tag.endsWith('-again'))).toEqual([])
})

test('a log that is removed while it is read has no facts', async () => {
  const place = await openPlace()
  place.between = async () => void (await place.engine.redis.del(place.facts))
  expect(await place.readFacts(place.key)).toEqual([])
})
