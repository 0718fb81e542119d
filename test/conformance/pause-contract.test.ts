import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ReachedLimit } from '../../src/conversation/limits.ts'
import { noUsage, type Usage } from '../../src/conversation/usage.ts'
import type { Raise } from '../../src/dispatch/parking.ts'
import type { Run } from '../../src/dispatch/run.ts'
import type { AccountId, ChannelKey } from '../../src/kernel/ids.ts'
import { iteration } from '../support/run/facts.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

const hour = 3_600_000
const tokens: ReachedLimit = { kind: 'tokens', used: 120, allowed: 100 }
const used: Usage = { ...noUsage, inputTokens: 100, outputTokens: 20, totalTokens: 120, iterations: 1, cost: 0.3 }

describe.each(engines)('paused runs on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    // An account of its own: what it uses in a day is counted.
    key = { ...newKey(), account: ids.nonce().toLowerCase() as AccountId }
  })

  const run = async () => (await engine.runs.find([key]))[0] as Run
  const kinds = async () => (await engine.runs.facts(key)).map(({ event }) => event.type)
  const begin = async () => {
    await engine.runs.create(key, newRun())
    await claim('c')
  }
  const claim = async (token: string) => {
    const { wake } = await run()
    return (await engine.runs.claim(key, { wake, claim: token, tag: ids.tag(), lossLimit: 5 })).outcome
  }
  const pause = async ({
    seen,
    until = Date.now() + hour,
    seq = 0,
  }: {
    seen?: number
    until?: number
    seq?: number
  } = {}) => {
    const facts = await engine.runs.facts(key)
    const seenFacts = seen ?? facts.length
    const paused = { type: 'dispatch-paused', reachedLimit: tokens, pausedUntil: until, usage: used } as const
    const lastTag = facts.at(seenFacts - 1)?.tag ?? ''
    return engine.runs.park(key, { claim: 'c', seq, seenFacts, lastTag, pause: { paused, tag: ids.tag() } })
  }
  const raise = async (limits: Raise['limits'], over: Partial<Raise> = {}) =>
    (await engine.runs.raise(key, { limits, by: 'caller', tag: ids.tag(), ...over }))?.outcome ?? null
  const cancel = () => engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })

  test('a pause is one step: the fact, the status, what it waits for, and what was used', async () => {
    await begin()
    expect(await pause({ until: 4_000_000_000_000 })).toBe('parked')
    expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started', 'dispatch-paused'])
    expect(await run()).toMatchObject({
      status: 'waiting',
      usage: used,
      paused: { ...tokens, until: 4_000_000_000_000 },
    })
  })

  test('a paused run has no holder: nobody can append, pause it again, or claim it', async () => {
    await begin()
    await pause()
    const append = { claim: 'c', seq: 1, tag: ids.tag(), events: iteration(1, 'Hi'), open: [] }
    expect(await engine.runs.append(key, append)).toEqual({ outcome: 'fenced' })
    expect(await pause()).toBe('lost')
    expect(await claim('d')).toBe('stale')
    expect((await kinds()).length).toBe(3)
  })

  // The race of pause against raise, one way: the raise comes first.
  test('a raise that comes while the run is on its way into the pause is news, and nothing is written', async () => {
    await begin()
    expect(await raise({ tokens: 500 })).toBe('raised')
    expect(await pause({ seen: 2 })).toBe('news')
    expect(await run()).toMatchObject({ status: 'running', wake: 1, paused: null })
    expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started', 'limits-raised'])
  })

  // And the other way.
  test('a raise that comes after the pause queues the run under a new wake', async () => {
    await begin()
    await pause()
    expect(await raise({ tokens: 500 })).toBe('raised')
    expect(await run()).toMatchObject({ status: 'queued', wake: 2, paused: null })
    expect(await claim('d')).toBe('claimed')
  })

  test('a raise whose reply was lost is sent again, and is there once', async () => {
    await begin()
    await pause()
    const tag = ids.tag()
    expect(await raise({ tokens: 500 }, { tag })).toBe('raised')
    expect(await raise({ tokens: 500 }, { tag })).toBe('raised')
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect((await kinds()).filter((kind) => kind === 'limits-raised')).toHaveLength(1)
  })

  // It must not undo what came since.
  test('a raise that is sent again after another one, or after the ending, does nothing', async () => {
    await begin()
    const tag = ids.tag()
    expect(await raise({ tokens: 500 }, { tag })).toBe('raised')
    expect(await raise({ tokens: 900 })).toBe('raised')
    expect(await raise({ tokens: 500 }, { tag })).toBe('raised')
    const limits = async () =>
      (await engine.runs.facts(key)).flatMap(({ event }) => (event.type === 'limits-raised' ? [event.limits] : []))
    expect(await limits()).toEqual([{ tokens: 500 }, { tokens: 900 }])
    await cancel()
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: true, tag: ids.tag() })
    expect(await raise({ tokens: 500 }, { tag })).toBe('raised')
    expect(await limits()).toHaveLength(2)
  })

  test('two raises wake the run once', async () => {
    await begin()
    await pause()
    await Promise.all([raise({ tokens: 500 }), raise({ tokens: 600 })])
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect((await kinds()).filter((kind) => kind === 'limits-raised')).toHaveLength(2)
  })

  test.each<[string, Raise['limits'], number]>([
    ['to less than was used', { tokens: 110 }, 110],
    ['to exactly what was used', { tokens: 120 }, 120],
    ['of another limit', { cost: 5, iterations: 50 }, 100],
  ])('a raise %s leaves the run paused', async (_what, limits, allowed) => {
    await begin()
    await pause({ until: 4_000_000_000_000 })
    expect(await raise(limits)).toBe('raised')
    expect(await run()).toMatchObject({ status: 'waiting', wake: 1, paused: { ...tokens, allowed } })
    expect(await raise({ tokens: 121 })).toBe('raised')
    expect(await run()).toMatchObject({ status: 'queued', wake: 2, paused: null })
  })

  test('a run that is not to be paused any more goes on, to complete with what it has', async () => {
    await begin()
    await pause()
    expect(await raise({ whenReached: 'end' })).toBe('raised')
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
  })

  test('a run that waits for an answer is not woken by a raise', async () => {
    await begin()
    const facts = await engine.runs.facts(key)
    const { length: seenFacts } = facts
    await engine.runs.park(key, { claim: 'c', seq: 0, seenFacts, lastTag: facts.at(-1)?.tag ?? '' })
    expect(await raise({ tokens: 500, whenReached: 'end' })).toBe('raised')
    expect(await run()).toMatchObject({ status: 'waiting', wake: 1 })
  })

  test('a paused run that is cancelled ends with what it had used, and takes no raise', async () => {
    await begin()
    await pause()
    expect(await cancel()).toMatchObject({ status: 'cancelled', usage: used, paused: null })
    expect(await raise({ tokens: 500 })).toBe('ended')
    expect((await kinds()).at(-1)).toBe('dispatch-cancelled')
  })

  test('a cancellation that comes while the run is on its way into the pause is news', async () => {
    await begin()
    await cancel()
    expect(await pause()).toBe('news')
    expect(await run()).toMatchObject({ status: 'running' })
  })

  test('a pause ends by its deadline, and not before', async () => {
    await begin()
    await pause()
    const end = () => raise({ whenReached: 'end' }, { by: 'deadline' })
    expect(await end()).toBe('early')
    expect(await run()).toMatchObject({ status: 'waiting' })
    await raise({ tokens: 500 })
    await claim('c')
    // Not paused: the sweep that looked at it is late.
    expect(await end()).toBe('early')
    expect(await pause({ until: Date.now() - 1 })).toBe('parked')
    expect(await end()).toBe('raised')
    expect(await run()).toMatchObject({ status: 'queued', wake: 3 })
  })

  test('a full log takes no raise, except that of the deadline', async () => {
    await engine.runs.create(key, newRun())
    await claim('c')
    const events = Array.from({ length: 999 }, (_, n) => ({ type: 'iteration-started', iteration: n }) as const)
    await engine.runs.append(key, { claim: 'c', seq: 1, tag: ids.tag(), events, open: [] })
    expect(await pause({ seq: 1, until: Date.now() - 1 })).toBe('parked')
    expect(await raise({ tokens: 500 })).toBe('full')
    expect(await raise({ whenReached: 'end' }, { by: 'deadline' })).toBe('raised')
    expect(await run()).toMatchObject({ status: 'queued' })
  })

  test('limits are set before the run has begun, and where there is no run they are not', async () => {
    expect(await raise({ tokens: 500 })).toBe(null)
    await engine.runs.create(key, newRun())
    expect(await raise({ tokens: 500 })).toBe('raised')
    expect(await run()).toMatchObject({ status: 'queued', wake: 1 })
    expect(await claim('c')).toBe('claimed')
  })

  test('what an account uses in a day is what the usage of its runs grows by, where it is stored', async () => {
    const today = async () => {
      const { tokens, cost, leftMs } = await engine.usedToday.of(key.account)
      expect(leftMs).toBeGreaterThan(0)
      expect(leftMs).toBeLessThanOrEqual(24 * hour)
      return { tokens, cost: Number(cost.toFixed(9)) }
    }
    const usage = (totalTokens: number, cost?: number) => ({
      ...noUsage,
      totalTokens,
      ...(cost !== undefined && { cost }),
    })
    await begin()
    expect(await today()).toEqual({ tokens: 0, cost: 0 })
    const append = (seq: number, usage?: Usage, token = 'c') => {
      const events = iteration(seq, 'Hi')
      return engine.runs.append(key, { claim: token, seq, tag: ids.tag(), events, open: [], ...(usage && { usage }) })
    }
    await append(1, usage(40, 0.1))
    // Its reply was lost, and it is sent again.
    await append(1, usage(40, 0.1))
    await append(2)
    expect(await today()).toEqual({ tokens: 40, cost: 0.1 })
    // Another worker takes the run over, and begins with what was used.
    await claim('d')
    await append(1, usage(40, 0.1), 'd')
    expect(await append(3, usage(1000), 'c')).toEqual({ outcome: 'fenced' })
    await append(2, usage(70, 0.3), 'd')
    expect(await today()).toEqual({ tokens: 70, cost: 0.3 })
    const facts = await engine.runs.facts(key)
    const paused = { type: 'dispatch-paused', reachedLimit: tokens, pausedUntil: 1, usage: usage(75, 0.4) } as const
    const parked = { claim: 'd', seq: 2, seenFacts: facts.length, lastTag: facts.at(-1)?.tag ?? '' }
    await engine.runs.park(key, { ...parked, pause: { paused, tag: ids.tag() } })
    expect(await today()).toEqual({ tokens: 75, cost: 0.4 })
    await cancel()
    expect(await today()).toEqual({ tokens: 75, cost: 0.4 })
    expect(await engine.usedToday.of(ids.nonce() as AccountId)).toMatchObject({ tokens: 0, cost: 0 })
  })
})
