import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { answersIn, declared, eventsOf, publish, submit, untilParked } from '../../support/function/function-runs.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { connectRedisEngine, type RedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { startService } from '../../support/service/start-service.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 120_000 })

/** The names of a channel's keys that are in Redis, without what is before the colon. */
async function keysOf({ redis }: RedisEngine, channelId: string): Promise<readonly string[]> {
  const base = `bc:{a/local/${channelId}}:`
  return (await redis.keys(`${base}*`)).map((key) => key.slice(base.length)).toSorted()
}

test('at each stage of a run with calls, a file and a result channel, Redis holds only what is needed, and nothing in the end', async () => {
  const files = opened(
    createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from('89504e470d0a1a0a', 'hex'))
    }),
  )
  files.listen(0, '127.0.0.1')
  await once(files, 'listening')
  const place = `127.0.0.1:${(files.address() as AddressInfo).port}`
  const redis = await startRedis()
  const service = await startService({
    redisUrl: redis.url,
    env: { RETENTION_SECONDS: '2', RECORD_RETENTION_SECONDS: '8', FETCH_ALLOW: place },
  })
  const engine = await connectRedisEngine(redis.url)
  const ttl = async (channelId: string, name: string) => engine.redis.ttl(`bc:{a/local/${channelId}}:${name}`)
  const expectSoon = async (channelId: string, names: readonly string[], seconds: number) => {
    for (const name of names) {
      const left = await ttl(channelId, name)
      // -2: gone since it was listed. -1 would be: for ever.
      expect([name, left === -2 || (left >= 0 && left <= seconds)]).toEqual([name, true])
    }
  }

  // Parked: everything stands, and nothing of the run expires.
  const on = ids.channelId()
  const channelId = await dispatch(service, {
    messages: [{ type: 'USER', text: 'Please call ask and listen.' }],
    functions: [declared('ask', { result: { await: true } }), declared('listen', { result: { channel: on } })],
    // The demo model calls what the last message names, which is the attachment's.
    attachments: [{ url: `http://${place}/ask-and-listen.png` }],
  })
  const { ask } = await untilParked(service, channelId)
  const whileParked = ['facts', 'files', 'head', 'log', 'pending', 'request', 'run']
  expect(await keysOf(engine, channelId)).toEqual(whileParked)
  for (const name of whileParked) expect([name, await ttl(channelId, name)]).toEqual([name, -1])
  expect(await keysOf(engine, on)).toEqual(['waiters'])
  await expectSoon(on, ['waiters'], 31 * 24 * 3600)

  // One call answered: what is written down about it, and about the channel, which expires by itself.
  expect(await publish(service, on, { data: 'heard' })).toBe('published')
  expect(await keysOf(engine, channelId)).toEqual(['answers', ...whileParked])
  expect(await keysOf(engine, on)).toEqual(['facts', 'head', 'log', 'recent'])
  await expectSoon(on, ['facts', 'head', 'log'], 2)
  await expectSoon(on, ['recent'], 60)
  // A message that nobody waits for is kept for a minute.
  const unheard = ids.channelId()
  expect(await publish(service, unheard, { data: 'anyone?' })).toBe('published')
  expect(await keysOf(engine, unheard)).toEqual(['early', 'facts', 'head', 'log', 'recent'])
  await expectSoon(unheard, ['early', 'recent'], 60)

  // Ended: no pending calls and no files; all of the rest has its time.
  await submit(service, { channelId, callId: ask?.id }, { data: 'told' })
  expect(answersIn(await eventsOf(service, channelId))).toEqual([
    ['listen', { data: 'heard' }],
    ['ask', 'told'],
  ])
  expect(await keysOf(engine, channelId)).toEqual(['answers', 'facts', 'head', 'log', 'request', 'run'])
  await expectSoon(channelId, ['answers', 'facts', 'log', 'request'], 2)
  await expectSoon(channelId, ['head', 'run'], 8)

  // The log is gone: the tombstone is left. A late answer is told what became of it.
  await vi.waitFor(async () => expect(await keysOf(engine, channelId)).toEqual(['head', 'run']), { timeout: 10_000 })
  expect(await submit(service, { channelId, callId: ask?.id }, { data: 'told' })).toMatch(/^(NOT_FOUND|CONFLICT)$/)
  expect(await keysOf(engine, channelId)).toEqual(['head', 'run'])

  // The tombstone is gone. Of the channels two keys are left, with less than their minute.
  await vi.waitFor(async () => expect(await keysOf(engine, channelId)).toEqual([]), { timeout: 15_000 })
  expect(await keysOf(engine, on)).toEqual(['recent'])
  expect(await keysOf(engine, unheard)).toEqual(['early', 'recent'])
  await graphql(service, '{ dispatches { edges { node { id } } } }')
  const ours = (await engine.redis.keys('bc:*')).filter((key) => !key.includes(on) && !key.includes(unheard))
  // Beside what is due there are the places of the workers that are up, the form of the data, and what was used today and in the last hour.
  const others = ['bc:due', 'bc:places', 'bc:form', 'bc:used-today:local', 'bc:recent:local']
  expect(ours.filter((key) => !others.includes(key))).toEqual([])
  // The sweep looks once more at channels that were published to, for a minute.
  const due = await engine.redis.zrange('bc:due', '0', '-1')
  for (const name of due) expect([`local/${on}`, `local/${unheard}`]).toContain(name)
}, 60_000)
