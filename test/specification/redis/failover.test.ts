import { describe, expect, test, vi } from 'vitest'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedisGate } from '../../support/redis/redis-gate.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'
import {
  canonical,
  collect,
  dispatch,
  type SeenEvent,
  textsByDeltas,
  transports,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 120_000 })

const words = Array.from({ length: 60 }, (_, n) => `word${n} `)
const wholeText = words.join('')

/** A primary and its replica, and the address that leads to whichever is the primary; a service whose model says a word when it is let. */
async function openPlace() {
  const primary = await startRedis()
  const replica = await startRedis()
  const [old, next] = await Promise.all([connectRedisEngine(primary.url), connectRedisEngine(replica.url)])
  await next.redis.replicaof('127.0.0.1', primary.port)
  await vi.waitFor(async () => expect(await next.redis.info('replication')).toContain('master_link_status:up'), {
    timeout: 20_000,
  })
  const gate = await startRedisGate(primary.port)
  const gates = words.map(() => Promise.withResolvers<void>())
  const model = createScriptedModel([
    { lines: words.flatMap((word, n) => [gates[n]?.promise ?? '', word]) },
    { lines: words },
  ])
  const service = await startService({
    redisUrl: gate.url,
    model: 'scripted',
    providers: [scriptedProvider(model)],
    env: { LEASE_MS: '60000' },
  })
  return {
    primary,
    replica,
    old: old.redis,
    next: next.redis,
    gate,
    service,
    /** Lets the model say the words before that one. */
    sayTo: (end: number) => {
      for (const { resolve } of gates.slice(0, end)) resolve()
    },
  }
}

/** Collects a watch and tells when so much text has come. */
function watching(events: AsyncIterable<SeenEvent>) {
  const seen: SeenEvent[] = []
  const ended = (async () => {
    for await (const event of events) seen.push(event)
  })()
  ended.catch(() => {})
  const text = () => [...textsByDeltas(seen).values()].join('')
  const until = (length: number) =>
    vi.waitFor(() => expect(text().length).toBeGreaterThanOrEqual(length), { timeout: 20_000, interval: 5 })
  return { seen, ended, text, until }
}

const lengthOf = (count: number) => words.slice(0, count).join('').length

describe('a replica takes the place of the primary', () => {
  test.each([
    ['which has died', 'dies'],
    ['which lives on as its replica, with all connections', 'demoted'],
  ] as const)('%s: nobody notices more than a pause, and the worker goes on in its sentence', async (_what, how) => {
    const place = await openPlace()
    const { gate, service, old, next } = place
    const channelId = ids.channelId()
    const watches = transports.map(([, watch]) => watching(watch(service, { channelId })))
    await dispatch(service, { channelId })
    place.sayTo(30)
    for (const watch of watches) await watch.until(lengthOf(30))
    // What has been acknowledged is on the replica.
    await old.set('written-last', 1)
    expect(await old.wait(1, 20_000)).toBe(1)
    await next.replicaof('NO', 'ONE')
    gate.lead(place.replica.port)
    if (how === 'dies') {
      await place.primary.kill('SIGKILL')
    } else {
      await old.replicaof('127.0.0.1', place.replica.port)
      await vi.waitFor(async () => expect(await old.info('replication')).toContain('role:slave'))
    }
    place.sayTo(60)
    await Promise.all(watches.map(({ ended }) => ended))
    for (const { seen, text } of watches) {
      expect(text()).toBe(wholeText)
      expect(seen.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(1)
      expect(seen.at(-1)?.result?.text).toBe(wholeText)
    }
    expect(canonical(watches[0]?.seen ?? [])).toBe(canonical(await collect(watchWebsocket(service, { channelId }))))
    // A new one is taken at once, or when the connection has found its way.
    await vi.waitFor(() => dispatch(service), { timeout: 20_000 })
  })

  test('without the last writes: readers that were ahead get CURSOR_EXPIRED, and the run completes from what remains', async () => {
    const place = await openPlace()
    const { gate, service, old, next } = place
    const channelId = ids.channelId()
    const watches = transports.map(([, watch]) => watching(watch(service, { channelId })))
    await dispatch(service, { channelId })
    place.sayTo(20)
    for (const watch of watches) await watch.until(lengthOf(20))
    await old.set('written-last', 1)
    expect(await old.wait(1, 20_000)).toBe(1)
    // From here on the primary is alone with what it writes.
    await next.replicaof('NO', 'ONE')
    place.sayTo(40)
    for (const watch of watches) await watch.until(lengthOf(40))
    const lost = await dispatch(service)
    gate.lead(place.replica.port)
    await place.primary.kill('SIGKILL')
    gate.cut()
    for (const { ended, text } of watches) {
      await expect(ended).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
      expect(text()).toBe(words.slice(0, 40).join(''))
    }
    place.sayTo(60)
    const log = await collect(watchWebsocket(service, { channelId }))
    expect(log.filter(({ __typename }) => __typename === 'DispatchQueued')).toHaveLength(1)
    expect(log.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(2)
    expect([...textsByDeltas(log).values()]).toEqual([wholeText])
    expect(log.at(-1)?.result?.text).toBe(wholeText)
    // A dispatch that was among the last writes is gone; sent again it is a new run.
    expect(await dispatch(service, { channelId: lost })).toBe(lost)
    expect((await collect(watchWebsocket(service, { channelId: lost }))).at(-1)?.result?.text).toBe(wholeText)
  })
})
