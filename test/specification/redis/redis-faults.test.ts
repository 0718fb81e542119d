import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ChannelId, localAccount } from '../../../src/kernel/ids.ts'
import { atLength } from '../../support/at-length.ts'
import { startReplyLosingProxy } from '../../support/proxy/reply-losing-proxy.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'
import {
  canonical,
  collect,
  dispatch,
  type SeenEvent,
  textsByDeltas,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

/** Asks again under the same channelId until there is an answer, as the error table tells clients to. */
async function dispatchUntilAnswered(service: { url: string }, input: { channelId: string; model: string }) {
  for (;;) {
    try {
      return await dispatch(service, input)
    } catch (error) {
      expect(error).toMatchObject({ code: 'UNAVAILABLE' })
    }
  }
}

test('no event is repeated or missing although replies of Redis are lost repeatedly', async () => {
  const redis = await startRedis()
  // Seeded, so that a failure comes again.
  let random = 42
  const proxy = await startReplyLosingProxy(redis.port, (replies) => {
    random = (random * 48_271) % 2_147_483_647
    // Not while the service connects.
    return replies > 100 && random % 15 === 0
  })
  const service = await startService({ redisUrl: `redis://127.0.0.1:${proxy.port}`, env: { LEASE_MS: '1000' } })
  const engine = await connectRedisEngine(redis.url)

  const run = async () => {
    const channelId = ids.channelId()
    const watching = collect(watchWebsocket(service, { channelId }))
    await dispatchUntilAnswered(service, { channelId, model: 'demo/delayMs=3/words=80' })
    const seen = await watching
    expect(seen.at(-1)?.__typename).toBe('DispatchCompleted')

    const key = { account: localAccount, channel: channelId as ChannelId }
    const entries = (await engine.redis.xrange(`bc:{a/local/${channelId}}:log`, '-', '+')).map(([id]) => id)
    expect(entries).toEqual(entries.map((_, index) => `${index + 1}-0`))
    const page = await engine.log.read(key, null, { maxEntries: 10_000, maxBytes: 10_000_000 })
    const events = page?.entries.map(({ event }) => event) ?? []
    for (const type of ['dispatch-queued', 'message-completed', 'dispatch-completed']) {
      expect(events.filter((event) => event.type === type)).toHaveLength(1)
    }
    // Deltas simply put together, without looking at their positions: a repeated append would show.
    const message = events.find((event) => event.type === 'message-completed')?.message
    const said = events.filter((event) => event.type === 'text-delta' && event.messageId === message?.id)
    expect(said.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')).toBe(message?.text)
    expect(textsByDeltas(seen).get(message?.id ?? '')).toBe(message?.text)
    expect(canonical(seen)).toBe(canonical(await collect(watchWebsocket(service, { channelId }))))
  }
  while (proxy.lost < atLength(10, 25)) await Promise.all(Array.from({ length: 5 }, run))
})

describe('a Redis that comes back without its last writes', () => {
  /** Where the append-only file of a running server ends. */
  const fileOf = ({ dir }: RedisServer) => {
    const folder = join(dir, 'appendonlydir')
    const file = readdirSync(folder).find((name) => name.endsWith('.incr.aof')) ?? ''
    return join(folder, file)
  }

  test.each([
    ['a shorter log', false],
    ['other text at the same offsets', true],
  ])('answers CURSOR_EXPIRED to a watcher that was ahead, never other text: %s', async (_what, isRegrown) => {
    const redis = await startRedis({ appendOnly: true })
    const words = Array.from({ length: 40 }, (_, n) => `word${n} `)
    const gates = words.map(() => Promise.withResolvers<void>())
    const model = createScriptedModel([{ lines: words.flatMap((word, n) => [gates[n]?.promise ?? '', word]) }])
    const service = await startService({
      redisUrl: redis.url,
      model: 'scripted',
      providers: [scriptedProvider(model)],
      env: { LEASE_MS: '60000' },
    })
    const channelId = ids.channelId()
    const seen: SeenEvent[] = []
    let sizeAtTen = 0
    const watching = (async () => {
      gates[0]?.resolve()
      for await (const event of watchWebsocket(service, { channelId })) {
        seen.push(event)
        if (event.text === undefined) continue
        const said = event.text.trim().split(' ').at(-1) ?? ''
        const next = Number(said.slice('word'.length)) + 1
        if (next === 10) sizeAtTen = statSync(fileOf(redis)).size
        if (next < 30) gates[next]?.resolve()
        if (next !== 30) continue
        await redis.kill('SIGKILL')
        truncateSync(fileOf(redis), sizeAtTen)
        await redis.restart()
        if (!isRegrown) continue
        // Another worker has taken the run over and says something else, further than the watcher had got.
        const engine = await connectRedisEngine(redis.url)
        const key = { account: localAccount, channel: channelId as ChannelId }
        await engine.runs.claim(key, { wake: 1, claim: 'other', tag: ids.tag(), lossLimit: 9 })
        for (let seq = 1; seq <= 40; seq++) {
          const delta = { type: 'text-delta', messageId: 'other', position: seq - 1, text: 'X' } as const
          await engine.runs.append(key, { claim: 'other', seq, tag: ids.tag(), events: [delta], open: ['other'] })
        }
      }
    })()
    await dispatch(service, { channelId })
    await expect(watching).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
    expect([...textsByDeltas(seen).values()]).toEqual([words.slice(0, 30).join('')])

    // Who starts from the beginning gets what there is now.
    const [first] = seen
    const again = watchWebsocket(service, { channelId })
    for await (const event of again) {
      expect(event.cursor).toBe(first?.cursor)
      break
    }
    again.cut()
  })
})

test('a writer whose store went back does not continue in the middle of a message: the run is taken over', async () => {
  const redis = await startRedis()
  const engine = await connectRedisEngine(redis.url)
  const gate = Promise.withResolvers<void>()
  const model = createScriptedModel([{ lines: ['One', gate.promise, ' two'] }, { lines: ['Whole.'] }])
  const service = await startService({
    redisUrl: redis.url,
    model: 'scripted',
    providers: [scriptedProvider(model)],
  })
  const channelId = await dispatch(service)
  const run = `bc:{a/local/${channelId}}:run`
  for await (const event of watchWebsocket(service, { channelId })) {
    if (event.text !== 'One') continue
    // As after a restart without the last writes: the record knows of fewer appends than the writer.
    await engine.redis.hincrby(run, 'seq', -1)
    gate.resolve()
    break
  }
  // The writer lets go, and its job comes again: the run is taken over from its facts.
  const seen = await collect(watchWebsocket(service, { channelId }))
  expect(seen.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(2)
  expect([...textsByDeltas(seen).values()]).toEqual(['Whole.'])
  expect(seen.at(-1)?.result?.text).toBe('Whole.')
})
