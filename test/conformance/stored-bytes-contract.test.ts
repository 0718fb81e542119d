import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { answerFacts } from '../../src/conversation/activity.ts'
import type { AnswerBy, PendingCall } from '../../src/dispatch/pending-call.ts'
import type { NewRun } from '../../src/dispatch/run-store.ts'
import type { AccountId, ChannelKey } from '../../src/kernel/ids.ts'
import type { DatasetRecord } from '../../src/store/resource.ts'
import { ids, newRun, startRun } from '../support/run/runs.ts'
import { type Engine, type EnginePlace, engines, openEngine } from './engines.ts'

const accountBytes = 200_000
const isFull = { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('STORED_BYTES_PER_ACCOUNT') }
const started = { type: 'iteration-started', iteration: 1 } as const

describe.each(engines)('stored bytes on %s', (_name, _open, start) => {
  let place: EnginePlace
  let engine: Engine
  let account: AccountId
  beforeAll(async () => {
    place = await start()
    engine = await openEngine(place.env, { storedBytesPerAccount: accountBytes, retentionSeconds: 1 })
  })
  beforeEach(() => {
    account = `account-${ids.nonce()}` as AccountId
  })

  const newKey = (of = account): ChannelKey => ({ account: of, channel: ids.channelId() })
  const saying = (length: number, over: Partial<NewRun> = {}) =>
    newRun({ messages: [{ id: 'm1', type: 'user', text: 'x'.repeat(length) }], ...over })
  const message = (length: number) => ({ message: { text: 'x'.repeat(length) }, tag: ids.tag(), epoch: ids.nonce() })
  /** Runs that take no end, until there is no room for another one. */
  const fill = async () => {
    for (let n = 0; n < 50; n++) {
      const refused = await engine.runs.create(newKey(), saying(8_000)).then(
        () => null,
        (error: unknown) => error,
      )
      if (refused !== null) return expect(refused).toMatchObject(isFull)
    }
    throw new Error('The account took everything.')
  }
  const pending: PendingCall = {
    call: { id: 'call-1', name: 'f', arguments: {}, answer: 'submit', deadline: 4_000_000_000_000 },
    resultChannelId: null,
  }
  const announce = async (call: PendingCall) => {
    const key = newKey()
    await engine.runs.create(key, newRun())
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: ids.tag(), lossLimit: 5 })
    const events = [{ type: 'function-result-awaited', ...call } as const]
    await engine.runs.append(key, { claim: 'c', seq: 1, tag: ids.tag(), events, open: [], awaits: [call] })
    return key
  }
  const answer = (key: ChannelKey, { call }: PendingCall, by: AnswerBy, data: string) =>
    engine.runs.settle(key, {
      callId: call.id,
      by,
      digest: 'd',
      wakes: false,
      tag: ids.tag(),
      facts: answerFacts(call, { kind: 'completed', data }, 'm9'),
    })

  test('a full account gets LIMIT_EXCEEDED and writes nothing; other accounts do not notice', async () => {
    await fill()
    const key = newKey()
    await expect(engine.runs.create(key, saying(8_000))).rejects.toMatchObject(isFull)
    expect(await engine.runs.find([key])).toEqual([null])
    expect(await engine.log.read(key, null, { maxEntries: 10, maxBytes: 10_000 })).toBe(null)
    await expect(engine.results.publish(newKey(), message(8_000))).rejects.toMatchObject(isFull)
    const bot = { id: ids.resourceId('bot'), fields: { name: 'b', backstory: 'x'.repeat(8_000) } } as never
    await expect(engine.store.create({ account, kind: 'bot' }, bot)).rejects.toMatchObject(isFull)
    account = `account-${ids.nonce()}` as AccountId
    await engine.runs.create(newKey(), saying(8_000))
    await engine.results.publish(newKey(), message(8_000))
    await engine.store.create({ account, kind: 'bot' }, bot)
  })

  test('a repeated dispatch of a full account still finds its run', async () => {
    const key = newKey()
    await engine.runs.create(key, saying(8_000))
    await fill()
    expect((await engine.runs.create(key, saying(8_000))).outcome).toBe('exists')
  })

  test('a run of a full account is told, and can end', async () => {
    const writer = await startRun(engine.runs, newKey())
    expect(await writer.append(started)).toMatchObject({ outcome: 'applied', isAccountFull: false })
    await fill()
    expect(await writer.say('x'.repeat(80_000))).toMatchObject({ outcome: 'applied', isAccountFull: true })
    expect(await writer.finish()).toMatchObject({ outcome: 'applied' })
  })

  test('what its runs leave behind is given back when their logs expire', async () => {
    for (let n = 0; n < 2; n++) {
      const writer = await startRun(engine.runs, newKey(), saying(30_000))
      await writer.say('x'.repeat(10_000))
      await writer.finish()
    }
    await vi.waitFor(() => engine.runs.create(newKey(), saying(70_000)), { timeout: 5000, interval: 50 })
  })

  test('messages on a channel without a run are given back with it', async () => {
    const publish = () => engine.results.publish(newKey(), message(50_000))
    await expect(
      (async () => {
        for (let n = 0; n < 10; n++) await publish()
      })(),
    ).rejects.toMatchObject(isFull)
    await vi.waitFor(publish, { timeout: 5000, interval: 50 })
  })

  test('what a cancelled run leaves behind is given back when its log expires', async () => {
    const key = newKey()
    await engine.runs.create(key, saying(60_000))
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
    await vi.waitFor(() => engine.runs.create(newKey(), saying(90_000)), { timeout: 5000, interval: 50 })
  })

  test('files of a running run count, and go with its end', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const keep = (id: string, bytes: number) =>
      engine.runs.keepFile(key, writer.claim, { id, content: new Uint8Array(bytes) })
    for (let n = 0; n < 2; n++) await keep('file-1', 90_000)
    await engine.runs.create(newKey(), saying(8_000))
    await keep('file-2', 100_000)
    await expect(engine.runs.create(newKey(), saying(8_000))).rejects.toMatchObject(isFull)
    await writer.finish()
    await engine.runs.create(newKey(), saying(8_000))
  })

  test('resources count; what shrinks has room, and what is removed is given back', async () => {
    const collection = { account, kind: 'dataset' as const }
    const record = (length: number): DatasetRecord => ({
      id: ids.resourceId('record'),
      text: 'x'.repeat(length),
      meta: null,
    })
    const first = record(100_000)
    const { resource } = await engine.store.create(collection, {
      id: ids.resourceId('dataset'),
      fields: { name: 'd', description: null },
      records: [first],
    })
    const key = { account, dataset: resource.id }
    const limits = { records: 100, bytes: 1_000_000 }
    await expect(engine.records.add(key, record(120_000), limits)).rejects.toMatchObject(isFull)
    await expect(engine.records.update(key, first.id, { text: 'x'.repeat(250_000), limits })).rejects.toMatchObject(
      isFull,
    )
    await expect(
      engine.store.update(collection, resource.id, { fields: {}, records: [record(150_000), record(150_000)] }),
    ).rejects.toMatchObject(isFull)
    expect((await engine.records.page(key, null, 10)).items.map(({ id }) => id)).toEqual([first.id])
    const second = record(80_000)
    await engine.records.add(key, second, limits)
    await expect(engine.runs.create(newKey(), saying(25_000))).rejects.toMatchObject(isFull)
    await engine.records.update(key, second.id, { text: 'x'.repeat(79_000), limits })
    await engine.store.update(collection, resource.id, { fields: { name: 'e' } })
    await engine.records.remove(key, second.id)
    await engine.runs.create(newKey(), saying(25_000))
    await engine.store.update(collection, resource.id, { fields: {}, records: [record(10)] })
    await engine.runs.create(newKey(), saying(40_000))
    await engine.store.remove(collection, resource.id)
    await engine.runs.create(newKey(), saying(4_000))
  })

  test('a full account, or a full log, takes no answer but the deadline’s own', async () => {
    const key = await announce(pending)
    const large = 'x'.repeat(1_000_001)
    expect((await answer(key, pending, 'submit', large)).outcome).toBe('full')
    await fill()
    expect((await answer(key, pending, 'submit', 'x'.repeat(8_000))).outcome).toBe('full')
    expect(await engine.runs.pending(key)).toHaveLength(1)
    account = `account-${ids.nonce()}` as AccountId
    const over = { ...pending, call: { ...pending.call, deadline: 1 } }
    const late = await announce(over)
    await fill()
    expect((await answer(late, over, 'deadline', 'x'.repeat(8_000))).outcome).toBe('settled')
  })
})

describe.each(engines)('a log on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })
  const key = (): ChannelKey => ({ account: `account-${ids.nonce()}` as AccountId, channel: ids.channelId() })

  test('takes no run whose messages do not fit into it', async () => {
    const place = key()
    const run = newRun({ messages: [{ id: 'm1', type: 'user', text: 'x'.repeat(1_000_000) }] })
    await expect(engine.runs.create(place, run)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(await engine.runs.find([place])).toEqual([null])
  })

  test('gives publications a quarter of its own, so that no publisher ends the run', async () => {
    const place = key()
    const writer = await startRun(engine.runs, place)
    const publish = () =>
      engine.results.publish(place, { message: { text: 'x'.repeat(60_000) }, tag: ids.tag(), epoch: ids.nonce() })
    const outcomes = []
    for (let n = 0; n < 6; n++) outcomes.push((await publish()).outcome)
    expect(outcomes).toEqual(['published', 'published', 'published', 'published', 'full', 'full'])
    const reply = await writer.append(started)
    expect(reply).toMatchObject({ outcome: 'applied', last: 7, own: { entries: 3 } })
    expect(reply.outcome === 'applied' && reply.own.bytes).toBeLessThan(1000)
    expect(await writer.finish()).toMatchObject({ outcome: 'applied', own: { entries: 4 } })
  })

  test('counts publications by number, too', async () => {
    const place = key()
    const publish = () => engine.results.publish(place, { message: {}, tag: ids.tag(), epoch: ids.nonce() })
    for (let n = 0; n < 250; n++) expect((await publish()).outcome).toBe('published')
    expect((await publish()).outcome).toBe('full')
  })
})

test.each([
  ['with room for others', {}],
  ['with all room', { storedBytesPerAccount: 0 }],
])('in the embedded engine, one account %s pushes out nothing of another', async (_room, over) => {
  const env = {
    API_KEYS: 'acme:acme-key-0123456789,beta:beta-key-0123456789',
    DATA_DIR: 'memory',
    DATA_BYTES: '1000000',
  }
  const engine = await openEngine(env, over)
  const end = async (account: string) => {
    const key = { account: account as AccountId, channel: ids.channelId() }
    const messages = [{ id: 'm1', type: 'user', text: 'x'.repeat(50_000) } as const]
    await (await startRun(engine.runs, key, { messages })).finish()
    return key
  }
  const ofBeta = await end('beta')
  const first = await end('acme')
  for (let n = 0; n < 40; n++) await end('acme')
  const has = async (key: ChannelKey) => (await engine.runs.facts(key)).length > 0
  expect([await has(ofBeta), await has(first)]).toEqual([true, false])
})

test('in the embedded engine, what a conversation shares counts for its account', async () => {
  const engine = await openEngine({ DATA_DIR: 'memory' }, { storedBytesPerAccount: 100_000 })
  const key = (): ChannelKey => ({ account: 'acme' as AccountId, channel: ids.channelId() })
  const messages = [{ id: 'm1', type: 'user', text: 'x'.repeat(40_000) } as const]
  const one = key()
  await (await startRun(engine.runs, one, { messages })).finish()
  await engine.runs.create(key(), newRun({ messages, continues: { channel: one.channel, messages: 1, ownTurns: [] } }))
  // The ended log makes room, the transcript cannot.
  const large = newRun({ messages: [{ id: 'm2', type: 'user', text: 'x'.repeat(70_000) }] })
  await expect(engine.runs.create(key(), large)).rejects.toMatchObject(isFull)
})
