import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DispatchError } from '../../src/conversation/event.ts'
import { noUsage, type Usage } from '../../src/conversation/usage.ts'
import type { NewRun } from '../../src/dispatch/run-store.ts'
import { mostCounted } from '../../src/dispatch/standing.ts'
import type { AccountId, ChannelKey, ConversationId } from '../../src/kernel/ids.ts'
import { call, requested } from '../support/run/facts.ts'
import { takePlace } from '../support/run/line-work.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'
import { type Engine, engines, openEngine } from './engines.ts'

const none = { queued: 0, running: 0, waiting: 0, paused: 0, oldestQueuedAt: null }
const nothing = { ...none, lastHour: { tokens: 0, cost: 0, failures: new Map() } }
const using = (totalTokens: number, cost: number): Usage => ({ ...noUsage, totalTokens, cost })

describe.each(engines)('what an account has going on, on %s', (_name, _open, start) => {
  let engine: Engine
  let account: AccountId
  const accounts: AccountId[] = []
  const newAccount = () => {
    const made = ids.nonce().toLowerCase() as AccountId
    accounts.push(made)
    return made
  }
  beforeAll(async () => {
    engine = await openEngine((await start()).env, {}, { accounts: () => accounts })
  })
  beforeEach(() => {
    account = newAccount()
  })

  const standing = () => engine.standings.of(account)
  const states = async () => {
    const { lastHour: _, oldestQueuedAt: __, ...counts } = await standing()
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  }
  const create = async (over: Partial<NewRun> = {}): Promise<ChannelKey> => {
    const key = { ...newKey(), account }
    await engine.runs.create(key, { ...newRun(), ...over })
    return key
  }
  const conversation = 'c'.repeat(20) as ConversationId
  const held = async (ticket: string, over: Partial<NewRun> = {}) => {
    const key = { ...newKey(), account }
    await takePlace(engine, key, { conversation, ticket })
    await engine.runs.create(key, newRun({ turn: { conversation, ticket, createBy: Date.now() + 60_000 }, ...over }))
    return key
  }
  const begin = (key: ChannelKey, ticket: string, refusal: DispatchError | null = null) =>
    engine.runs.begin(key, { conversation, ticket, transcript: null, refusal, bytes: 0, tag: ids.tag() })
  const claim = (key: ChannelKey, { wake = 1, lossLimit = 5, token = 'c' } = {}) =>
    engine.runs.claim(key, { wake, claim: token, tag: ids.tag(), lossLimit })
  const append = (key: ChannelKey, seq: number, over: Partial<Parameters<typeof engine.runs.append>[1]>) =>
    engine.runs.append(key, { claim: 'c', seq, tag: ids.tag(), events: [], open: [], ...over })
  const park = async (key: ChannelKey, pause?: Usage) => {
    const facts = await engine.runs.facts(key)
    const reachedLimit = { kind: 'tokens', used: 120, allowed: 100 } as const
    const paused = { type: 'dispatch-paused', reachedLimit, pausedUntil: 4e12, usage: pause ?? noUsage } as const
    const seen = { seenFacts: facts.length, lastTag: facts.at(-1)?.tag ?? '' }
    const seq = 0
    return engine.runs.park(key, { claim: 'c', seq, ...seen, ...(pause && { pause: { paused, tag: ids.tag() } }) })
  }
  const cancel = (key: ChannelKey) =>
    engine.runs.cancel(key, { cancellation: { reason: null }, isForced: true, tag: ids.tag() })
  const fail = (code: 'TIMEOUT' | 'INTERNAL', usage: Usage = noUsage) =>
    ({ type: 'dispatch-failed', error: { code, message: 'Too bad.' }, usage }) as const

  test('is nothing before the first dispatch', async () => {
    expect(await standing()).toEqual(nothing)
  })

  test('follows a run through every state, and forgets it at its end', async () => {
    const key = await create()
    expect(await states()).toEqual({ queued: 1 })
    await claim(key)
    expect(await states()).toEqual({ running: 1 })
    await engine.runs.release(key, 'c')
    expect(await states()).toEqual({ queued: 1 })
    await claim(key)
    expect(await park(key)).toBe('parked')
    expect(await states()).toEqual({ waiting: 1 })
    await cancel(key)
    expect(await standing()).toEqual(nothing)
    await engine.runs.remove(key)
    expect(await standing()).toEqual(nothing)
  })

  test('tells those that a limit has paused from those that wait, until the limit is raised far enough', async () => {
    const key = await create()
    await claim(key)
    await park(key, using(120, 0.5))
    expect(await states()).toEqual({ paused: 1 })
    const raise = (tokens: number) => engine.runs.raise(key, { limits: { tokens }, by: 'caller', tag: ids.tag() })
    await raise(110)
    expect(await states()).toEqual({ paused: 1 })
    await raise(500)
    expect(await states()).toEqual({ queued: 1 })
    expect((await standing()).lastHour).toMatchObject({ tokens: 120, cost: 0.5 })
  })

  test('queues a run again when the last answer comes', async () => {
    const key = await create()
    await claim(key)
    const asked = call('call', { answer: 'submit', deadline: Date.now() + 60_000 })
    const events = [requested(asked), { type: 'function-result-awaited', call: asked, resultChannelId: null }] as const
    await append(key, 1, { events, awaits: [{ call: asked, resultChannelId: null }] })
    const facts = await engine.runs.facts(key)
    const seen = { seenFacts: facts.length, lastTag: facts.at(-1)?.tag ?? '' }
    expect(await engine.runs.park(key, { claim: 'c', seq: 1, ...seen })).toBe('parked')
    expect(await states()).toEqual({ waiting: 1 })
    const { waiting } = (await engine.backlog()).parked
    const completed = { type: 'function-call-completed', call: asked, data: 1 } as const
    const settlement = { callId: 'call', digest: 'd', wakes: false, tag: ids.tag(), facts: [completed] }
    expect((await engine.runs.settle(key, { ...settlement, by: 'submit' })).outcome).toBe('settled')
    expect(await states()).toEqual({ queued: 1 })
    expect((await engine.backlog()).parked.waiting).toBe(waiting - 1)
  })

  test('says since when the first could have begun: not one that is held, nor one whose time has not come', async () => {
    const before = Date.now() - 5
    await held('held')
    await create({ notBefore: Date.now() + 60_000 })
    expect(await standing()).toMatchObject({ queued: 2, oldestQueuedAt: null })
    const [first, second] = [await create(), await create()]
    const { queued, oldestQueuedAt } = await standing()
    expect(queued).toBe(4)
    expect(oldestQueuedAt).toBeGreaterThan(before)
    expect(oldestQueuedAt).toBeLessThan(Date.now() + 5)
    await claim(first)
    expect((await standing()).oldestQueuedAt).toBeGreaterThanOrEqual(oldestQueuedAt ?? 0)
    await claim(second)
    expect((await standing()).oldestQueuedAt).toBeNull()
  })

  test('counts the time of a held run from its turn, and that of one that was woken from then', async () => {
    const [turn, woken] = [await held('t'), await create()]
    await claim(woken)
    await park(woken, using(1, 0))
    const before = Date.now() + 20
    await new Promise((resolve) => setTimeout(resolve, 25))
    expect((await standing()).oldestQueuedAt).toBeNull()
    await begin(turn, 't')
    expect((await standing()).oldestQueuedAt).toBeGreaterThanOrEqual(before - 5)
    await engine.runs.raise(woken, { limits: { tokens: 500 }, by: 'caller', tag: ids.tag() })
    expect(await states()).toEqual({ queued: 2 })
    expect((await standing()).oldestQueuedAt).toBeGreaterThanOrEqual(before - 5)
  })

  test('counts the parked runs of all accounts for the metrics, whatever ends their wait', async () => {
    const before = (await engine.backlog()).parked
    const parked = async () => {
      const { waiting, paused } = (await engine.backlog()).parked
      return [waiting - before.waiting, paused - before.paused]
    }
    const runs: ChannelKey[] = []
    for (let n = 0; n < 5; n += 1) {
      account = newAccount()
      const key = await create()
      runs.push(key)
      await claim(key)
      expect(await parked()).toEqual([Math.min(n, 2), Math.max(0, n - 2)])
      await park(key, n < 2 ? undefined : using(120, 0.5))
      // Sent again, as when its reply was lost.
      await park(key, n < 2 ? undefined : using(120, 0.5))
    }
    expect(await parked()).toEqual([2, 3])
    const [waiting, waitingToo, paused, pausedToo] = runs as [ChannelKey, ChannelKey, ChannelKey, ChannelKey]
    await cancel(waiting)
    expect(await parked()).toEqual([1, 3])
    await cancel(paused)
    await cancel(paused)
    expect(await parked()).toEqual([1, 2])
    const raise = (tokens: number) => engine.runs.raise(pausedToo, { limits: { tokens }, by: 'caller', tag: ids.tag() })
    await raise(110)
    expect(await parked()).toEqual([1, 2])
    await raise(500)
    expect(await parked()).toEqual([1, 1])
    await claim(pausedToo, { wake: 2 })
    expect(await (await engine.elsewhere()).backlog()).toMatchObject({ parked: (await engine.backlog()).parked })
    for (const key of [waitingToo, ...runs.slice(3)]) await cancel(key)
    expect(await parked()).toEqual([0, 0])
  })

  test('counts failures by code, and nothing else, once', async () => {
    const [late, broken, lost, done] = [await create(), await create(), await create(), await create()]
    await claim(late)
    const ending = { events: [fail('TIMEOUT')], tag: ids.tag() }
    await append(late, 1, ending)
    // Sent again, as when its reply was lost.
    await append(late, 1, ending)
    await claim(broken)
    await append(broken, 1, { events: [fail('INTERNAL')] })
    await claim(lost)
    await claim(lost, { lossLimit: 0, token: 'd' })
    await cancel(done)
    const refusal = { code: 'CONFLICT', message: 'Gone.' } as const
    const refused = await held('r')
    await begin(refused, 'r', refusal)
    const { lastHour } = await standing()
    expect(Object.fromEntries(lastHour.failures)).toEqual({ TIMEOUT: 1, INTERNAL: 1, WORKER_LOST: 1, CONFLICT: 1 })
    expect(await states()).toEqual({})
  })

  test('counts what was used as it grows, once, and of this account alone', async () => {
    const key = await create()
    await claim(key)
    await append(key, 1, { usage: using(100, 0.1) })
    await append(key, 1, { usage: using(100, 0.1) })
    await append(key, 2, { usage: using(250, 0.3) })
    expect((await standing()).lastHour).toEqual({ tokens: 250, cost: 0.3, failures: new Map() })
    expect(await engine.usedToday.of(account)).toMatchObject({ tokens: 250, cost: 0.3 })
    expect(await engine.standings.of(ids.nonce() as AccountId)).toEqual(nothing)
  })

  test('is the same for another process', async () => {
    await create()
    const other = await engine.elsewhere()
    expect(await other.standings.of(account)).toEqual(await standing())
    expect(mostCounted).toBe(10_000)
  })
})
