import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answerFacts } from '../../src/conversation/activity.ts'
import type { FunctionCall } from '../../src/conversation/function.ts'
import type { Park } from '../../src/dispatch/parking.ts'
import type { AnswerBy, PendingCall, Settlement } from '../../src/dispatch/pending-call.ts'
import type { Run } from '../../src/dispatch/run.ts'
import type { ChannelId, ChannelKey } from '../../src/kernel/ids.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

const hour = 3_600_000
const resultChannelId = 'result-channel-1' as ChannelId

describe.each(engines)('parked runs on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    key = newKey()
  })

  const run = async () => (await engine.runs.find([key]))[0] as Run
  const kinds = async () => (await engine.runs.facts(key)).map(({ event }) => event.type)
  const call = (id: string, over: Partial<FunctionCall> = {}): FunctionCall => {
    return { id, name: 'f', arguments: {}, answer: 'submit', deadline: Date.now() + hour, ...over }
  }
  /** A running run of the claim `c`, its calls announced; its log holds so many facts. */
  const announce = async (...pending: PendingCall[]) => {
    await engine.runs.create(key, newRun())
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: ids.tag(), lossLimit: 5 })
    const events = pending.map((each) => ({ type: 'function-result-awaited', ...each }) as const)
    await engine.runs.append(key, { claim: 'c', seq: 1, tag: ids.tag(), events, open: [], awaits: pending })
    return 2 + pending.length
  }
  const submitted = (id: string, over: Partial<FunctionCall> = {}) => ({ call: call(id, over), resultChannelId: null })
  const park = async (seenFacts: number, over: Partial<Park> = {}) => {
    const lastTag = (await engine.runs.facts(key)).at(seenFacts - 1)?.tag ?? ''
    return engine.runs.park(key, { claim: 'c', seq: 1, seenFacts, lastTag, ...over })
  }
  const settle = async (id: string, data: unknown = 1, over: Partial<Settlement> & { by?: AnswerBy } = {}) => {
    const { outcome } = await engine.runs.settle(key, {
      callId: id,
      by: 'submit',
      digest: JSON.stringify(data),
      wakes: false,
      tag: ids.tag(),
      facts: answerFacts(call(id), { kind: 'completed', data }, ids.messageId()),
      ...over,
    })
    return outcome
  }

  test('a run parks when its worker has seen every fact', async () => {
    const seen = await announce(submitted('a'))
    expect(await park(seen)).toBe('parked')
    expect(await run()).toMatchObject({ status: 'waiting', wake: 1, attempts: 1 })
  })

  test('a parked run has no holder: nobody can append, and no job can claim it', async () => {
    await park(await announce(submitted('a')))
    expect(await engine.runs.append(key, { claim: 'c', seq: 2, tag: 't', events: [], open: [] })).toEqual({
      outcome: 'fenced',
    })
    expect(await engine.runs.claim(key, { wake: 1, claim: 'd', tag: 't', lossLimit: 5 })).toEqual({ outcome: 'stale' })
    expect(await park(3)).toBe('lost')
  })

  // The race of park against answer, one way: the answer comes first.
  test('an answer that arrives before the run parks is news, and the run continues', async () => {
    const seen = await announce(submitted('a'))
    expect(await settle('a')).toBe('settled')
    expect(await park(seen)).toBe('news')
    expect(await run()).toMatchObject({ status: 'running', wake: 1 })
    expect(await engine.runs.append(key, { claim: 'c', seq: 2, tag: 't', events: [], open: [] })).toMatchObject({
      outcome: 'applied',
    })
  })

  // The other way: the run rests first.
  test('an answer to a parked run queues it under a new wake, atomically', async () => {
    await park(await announce(submitted('a')))
    expect(await settle('a', { n: 1 })).toBe('settled')
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect(await kinds()).toEqual([
      'dispatch-queued',
      'dispatch-started',
      'function-result-awaited',
      'function-call-completed',
      'message-completed',
    ])
    const old = await engine.runs.claim(key, { wake: 1, claim: 'd', tag: 't', lossLimit: 5 })
    expect(old).toEqual({ outcome: 'stale' })
    const reply = await engine.runs.claim(key, { wake: 2, claim: 'd', tag: 't', lossLimit: 5 })
    expect(reply).toMatchObject({ outcome: 'claimed', claimed: { attempt: 2 } })
  })

  test('an answer between two facts of the worker is news too', async () => {
    const seen = await announce(submitted('a'), submitted('b'))
    await settle('a')
    await engine.runs.append(key, {
      claim: 'c',
      seq: 2,
      tag: 't',
      events: [{ type: 'iteration-started', iteration: 1 }],
      open: [],
    })
    expect(await park(seen + 1, { seq: 2, lastTag: 't' })).toBe('news')
  })

  // What the worker read was lost with the store, and as much has come since.
  test('the same number of facts, but different ones, are news', async () => {
    const seen = await announce(submitted('a'))
    expect(await park(seen, { lastTag: 'of-another-fact' })).toBe('news')
    expect(await run()).toMatchObject({ status: 'running' })
  })

  test('a worker whose appends the store lost has lost the run', async () => {
    const seen = await announce(submitted('a'))
    expect(await park(seen, { seq: 2 })).toBe('lost')
    expect(await run()).toMatchObject({ status: 'running' })
  })

  test('a cancellation is news, so that the worker ends the run at once', async () => {
    const seen = await announce(submitted('a'))
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: 't' })
    expect(await park(seen)).toBe('news')
  })

  test('only the last answer wakes a run', async () => {
    await park(await announce(submitted('a'), submitted('b')))
    await settle('a')
    expect(await run()).toMatchObject({ status: 'waiting', wake: 1 })
    await settle('b')
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
  })

  test('an answer that must be acted on wakes the run at once', async () => {
    await park(await announce(submitted('a'), submitted('b')))
    await settle('a', 1, { wakes: true })
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
  })

  test('repeating an answer succeeds and writes nothing; another answer is a conflict', async () => {
    await park(await announce(submitted('a')))
    await settle('a', 'yes')
    const before = await kinds()
    expect(await settle('a', 'yes')).toBe('repeated')
    expect(await settle('a', 'yes', { facts: [] })).toBe('repeated')
    expect(await settle('a', 'no')).toBe('conflict')
    expect(await kinds()).toEqual(before)
    expect(await run()).toMatchObject({ wake: 2 })
  })

  test('of two answers at once, one is taken', async () => {
    await park(await announce(submitted('a')))
    const outcomes = await Promise.all([settle('a', 'yes'), settle('a', 'no')])
    expect(outcomes.sort()).toEqual(['conflict', 'settled'])
    expect((await kinds()).filter((kind) => kind === 'function-call-completed')).toHaveLength(1)
  })

  test('a call that nobody asked for cannot be answered, nor one of no run', async () => {
    await announce(submitted('a'))
    expect(await settle('b')).toBe('unknown')
    expect(await settle('a', 1, { facts: [] })).toBe('unknown')
    key = newKey()
    expect(await settle('a')).toBe('unknown')
    expect(await engine.runs.pending(key)).toEqual([])
  })

  test('an answer comes the way that was announced, and no other', async () => {
    await announce(submitted('a'), { call: call('b', { answer: 'channel' }), resultChannelId })
    expect(await settle('a', 1, { by: 'channel' })).toBe('other-way')
    expect(await settle('b', 1, { by: 'submit' })).toBe('other-way')
    expect(await settle('b', 1, { by: 'channel' })).toBe('settled')
  })

  test('after its deadline a call takes no answer but that there was none; before it, not that', async () => {
    await park(await announce(submitted('late', { deadline: Date.now() - 1 }), submitted('early')))
    expect(await settle('late')).toBe('late')
    expect(await settle('early', 1, { by: 'deadline' })).toBe('early')
    expect(await settle('late', 1, { by: 'deadline' })).toBe('settled')
    // Woken, though another call still waits: the model is told by that attempt or a later one.
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect((await engine.runs.pending(key)).map((each) => each.call.id)).toEqual(['early'])
  })

  test('what is pending can be read, whole', async () => {
    const pending = [
      submitted('a'),
      { call: call('b', { answer: 'channel', arguments: { q: 'ä"\u2028' } }), resultChannelId },
    ]
    await announce(...pending)
    const found = await engine.runs.pending(key)
    expect(found.toSorted((a, b) => (a.call.id < b.call.id ? -1 : 1))).toEqual(pending)
  })

  test('an append sent again does not bring back a call that has been answered', async () => {
    await engine.runs.create(key, newRun())
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: ids.tag(), lossLimit: 5 })
    const awaits = [submitted('a')]
    const events = awaits.map((each) => ({ type: 'function-result-awaited', ...each }) as const)
    const again = () => engine.runs.append(key, { claim: 'c', seq: 1, tag: 't', events, open: [], awaits })
    await again()
    await settle('a')
    expect(await again()).toMatchObject({ outcome: 'applied' })
    expect(await engine.runs.pending(key)).toEqual([])
  })

  test('once the run has ended its calls cannot be answered; answers that were given are still known', async () => {
    await park(await announce(submitted('a'), submitted('b')))
    await settle('a', 'yes')
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: 't' })
    expect(await run()).toMatchObject({ status: 'cancelled' })
    expect(await settle('b')).toBe('ended')
    expect(await settle('a', 'yes')).toBe('repeated')
    expect(await engine.runs.pending(key)).toEqual([])
  })

  test('an answer is progress: the losses before it do not count any more', async () => {
    await announce(submitted('a'), submitted('b'))
    const lose = (claim: string) => engine.runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 1 })
    expect(await lose('d')).toMatchObject({ outcome: 'claimed' })
    await settle('a')
    expect(await lose('e')).toMatchObject({ outcome: 'claimed' })
    expect(await lose('f')).toEqual({ outcome: 'stale' })
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'WORKER_LOST' } })
  })
})
