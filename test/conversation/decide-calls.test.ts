import { describe, expect, test } from 'vitest'
import { decide, type Signals } from '../../src/conversation/decide.ts'
import type { Fact } from '../../src/conversation/event.ts'
import { fold } from '../../src/conversation/fold.ts'
import type { ConversationRequest } from '../../src/conversation/request.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import {
  answered,
  asking,
  awaited,
  call,
  failed,
  functionSpec,
  iteration,
  queued,
  recorded,
  request,
  requested,
  started,
} from '../support/run/facts.ts'

const still: Signals = { open: [], cancelled: null, workedMs: 0, spent: noUsage }
const next = (facts: readonly Fact[], over: Partial<ConversationRequest> = {}, signals: Partial<Signals> = {}) =>
  decide(fold(recorded(queued, started(), ...facts)), { ...request, ...over }, { ...still, ...signals })
const callModel = (iteration: number, forced: object | null = null) => ({
  kind: 'call-model',
  iteration,
  isContinuation: false,
  forced,
})
const complete = (finishReason: string, requests: object[] = []) => ({
  kind: 'complete',
  result: { finishReason },
  requests,
})

const known = call('static')
const submitted = call('submit', { answer: 'submit' })
const onChannel = call('channel', { answer: 'channel' })
const forCaller = call('caller', { answer: 'caller' })
const mixed = asking(1, [requested(known), requested(submitted), requested(onChannel), requested(forCaller)])

describe('the rows of function calls', () => {
  test('calls with external answers are announced, and the others are executed', () => {
    expect(next(mixed)).toMatchObject({
      kind: 'call-functions',
      awaits: [{ call: submitted }, { call: onChannel }],
      run: [{ call: known }],
    })
  })

  test('calls that a dead attempt announced are not announced again', () => {
    const facts = [...mixed, awaited(submitted, 9000), awaited(onChannel, 8000)]
    expect(next(facts)).toMatchObject({ kind: 'call-functions', awaits: [], run: [{ call: known }] })
  })

  test('with only waiting left, the run parks until the earliest deadline', () => {
    const facts = [...mixed, awaited(submitted, 9000), awaited(onChannel, 8000), answered(known)]
    expect(next(facts)).toMatchObject({
      kind: 'park',
      until: 8000,
      calls: [{ call: { id: 'submit' } }, { call: { id: 'channel' } }],
    })
    expect(next([...facts, answered(onChannel)])).toMatchObject({ kind: 'park', until: 9000 })
  })

  test('a call that needs approval is announced, waited for, and executed once it is approved, by whoever takes the run', () => {
    const mail = call('mail', { name: 'send_mail', answer: 'ability' })
    const functions = [functionSpec('send_mail', { needsApproval: true })]
    const asked = asking(1, [requested(mail), requested(known)])
    expect(next(asked, { functions })).toMatchObject({ awaits: [{ call: mail }], run: [{ call: known }] })
    const waiting = [...asked, awaited(mail, 9000), answered(known)]
    expect(next(waiting, { functions })).toMatchObject({ kind: 'park', until: 9000, calls: [{ call: { id: 'mail' } }] })
    const approved = [...waiting, requested(mail)]
    expect(next(approved, { functions })).toMatchObject({ kind: 'call-functions', awaits: [], run: [{ call: mail }] })
    expect(next([...approved, started(2)], { functions })).toMatchObject({ awaits: [], run: [{ call: mail }] })
    expect(next([...waiting, failed(mail, 'FAILED')], { functions })).toEqual(callModel(2))
    // Nobody is asked about a call that will not be carried out.
    const refused = requested(mail, { code: 'BAD_ARGUMENTS', message: 'no' })
    expect(next(asking(1, [refused]), { functions })).toMatchObject({ awaits: [], run: [{ call: mail }] })
  })

  test('the time until an approval is no work', () => {
    const mail = call('mail', { name: 'send_mail', answer: 'ability' })
    const facts = recorded(queued, started(), ...asking(1, [requested(mail)]), awaited(mail, 9000))
    const before = fold(facts)
    const after = fold([...facts, { at: 500_000, event: requested(mail) }])
    expect([after.workedMs, after.lastWorkAt]).toEqual([before.workedMs, before.lastWorkAt])
  })

  test('a call with no result declared ends the run, once the others have their answers', () => {
    const facts = [
      ...mixed,
      awaited(submitted, 9000),
      awaited(onChannel, 8000),
      answered(known),
      answered(submitted),
      answered(onChannel),
    ]
    expect(next(facts)).toMatchObject(complete('activity', [{ call: forCaller }]))
  })

  test('an answer that asks to abort ends the run, whatever else is pending', () => {
    const facts = [...mixed, awaited(submitted, 9000), awaited(onChannel, 8000), failed(onChannel, 'ABORTED')]
    expect(next(facts)).toMatchObject(complete('abort'))
  })

  test('a missing answer is treated like any other', () => {
    const facts = [...asking(1, [requested(submitted)]), awaited(submitted, 9000), failed(submitted, 'TIMEOUT')]
    expect(next(facts)).toEqual(callModel(2))
  })

  test.each(['BAD_ARGUMENTS', 'NOT_FOUND', 'LIMIT_EXCEEDED'] as const)(
    'a call with a problem (%s) is run, not awaited',
    (code) => {
      for (const of of [submitted, onChannel, forCaller]) {
        const facts = asking(1, [requested(of, { code, message: 'no' })])
        expect(next(facts)).toMatchObject({
          kind: 'call-functions',
          awaits: [],
          run: [{ call: of, problem: { code } }],
        })
        expect(next([...facts, failed(of, code)])).toEqual(callModel(2))
      }
    },
  )

  test('a cancellation comes before calls, and so does a timeout', () => {
    expect(next(mixed, {}, { cancelled: { reason: null } })).toMatchObject({ kind: 'cancel' })
    expect(next(mixed, { timeoutSeconds: 1 }, { workedMs: 1000 })).toMatchObject({ kind: 'fail', code: 'TIMEOUT' })
  })

  test('calls of an unfinished iteration do not count', () => {
    const [begun = queued, asked = queued] = asking(1, [requested(known)])
    expect(next([begun, asked])).toEqual(callModel(1))
  })

  test('a cut turn with calls continues with their answers, not with a continuation', () => {
    const facts = asking(1, [requested(known)]).map(
      (fact): Fact => (fact.type === 'iteration-finished' ? { ...fact, finish: 'length' } : fact),
    )
    expect(next([...facts, answered(known)])).toEqual(callModel(2))
  })
})

describe('limits', () => {
  const limits = (iterations: number, calls: number) => ({ limits: { iterations, continuations: 3, calls } })
  const round = (number: number, count = 1) => {
    const calls = Array.from({ length: count }, (_, index) =>
      call(`c${number}.${index}`, { arguments: { number, index } }),
    )
    return [
      ...asking(
        number,
        calls.map((of) => requested(of)),
      ),
      ...calls.map((of) => answered(of)),
    ]
  }

  test.each([
    ['iterations left', [...round(1)], limits(2, 10), callModel(2)],
    [
      'iterations used: the calls are run all the same',
      asking(1, [requested(known)]),
      limits(1, 10),
      { kind: 'call-functions' },
    ],
    ['iterations used, calls run', round(1), limits(1, 10), complete('iteration')],
    ['calls left', round(1), limits(10, 2), callModel(2)],
    ['calls used', [...round(1), ...round(2)], limits(10, 2), complete('calls')],
    ['more calls than allowed', round(1, 3), limits(10, 2), complete('calls')],
    ['both used: the iterations are named', round(1), limits(1, 1), complete('iteration')],
    [
      'a model that stops by itself is not held to them',
      [...round(1), ...iteration(2, 'Done')],
      limits(2, 1),
      complete('stop'),
    ],
  ])('%s', (_what, facts, over, step) => {
    expect(next(facts, over)).toMatchObject(step)
  })
})

describe('repetition', () => {
  const round = (number: number, name: string, args: unknown) => {
    const of = call(`c${number}`, { name, arguments: args })
    return [...asking(number, [requested(of)]), answered(of)]
  }
  const rounds = (...calls: readonly (readonly [string, unknown])[]) =>
    calls.flatMap(([name, args], index) => round(index + 1, name, args))

  test.each([
    ['the same twice', rounds(['f', { a: 1 }], ['f', { a: 1 }]), callModel(3)],
    ['the same three times', rounds(['f', { a: 1 }], ['f', { a: 1 }], ['f', { a: 1 }]), complete('loop')],
    [
      'the same, keys in another order',
      rounds(['f', { a: 1, b: 2 }], ['f', { b: 2, a: 1 }], ['f', { a: 1, b: 2 }]),
      complete('loop'),
    ],
    ['other arguments', rounds(['f', { a: 1 }], ['f', { a: 2 }], ['f', { a: 1 }]), callModel(4)],
    ['another function', rounds(['f', {}], ['g', {}], ['f', {}]), callModel(4)],
    ['two in turn, twice', rounds(['f', {}], ['g', {}], ['f', {}], ['g', {}]), callModel(5)],
    [
      'two in turn, three times',
      rounds(['f', {}], ['g', {}], ['f', {}], ['g', {}], ['f', {}], ['g', {}]),
      complete('loop'),
    ],
  ])('%s', (_what, facts, step) => {
    expect(next(facts)).toMatchObject(step)
  })
})

describe('forced calls', () => {
  const functions = [
    functionSpec('first', { start: true }),
    functionSpec('free'),
    functionSpec('second', { start: true }),
    functionSpec('last', { end: true }),
  ]
  const over = { functions }
  const does = (number: number, name: string, phase?: 'start' | 'end') => {
    const of = call(`c${number}`, { name, arguments: { number } })
    return [...asking(number, [requested(of)], phase), answered(of)]
  }
  const ignores = (number: number, phase: 'start' | 'end') =>
    iteration(number, 'No.').map(
      (fact): Fact => (fact.type === 'iteration-finished' ? { ...fact, forced: phase } : fact),
    )

  test('start functions in order, one per iteration; then the model is free; then the end functions', () => {
    const facts: Fact[] = []
    expect(next(facts, over)).toEqual(callModel(1, { phase: 'start', name: 'first' }))
    facts.push(...does(1, 'first', 'start'))
    expect(next(facts, over)).toEqual(callModel(2, { phase: 'start', name: 'second' }))
    facts.push(...does(2, 'second', 'start'))
    expect(next(facts, over)).toEqual(callModel(3))
    facts.push(...iteration(3, 'Well.'))
    expect(next(facts, over)).toEqual(callModel(4, { phase: 'end', name: 'last' }))
    facts.push(...does(4, 'last', 'end'))
    expect(next(facts, over)).toEqual(callModel(5))
    facts.push(...iteration(5, 'Done.'))
    expect(next(facts, over)).toMatchObject(complete('stop'))
  })

  test('a model that ignores the force is not forced to the same function again', () => {
    const facts = [...ignores(1, 'start'), ...ignores(2, 'start'), ...ignores(3, 'end')]
    expect(next(facts.slice(0, 3), over)).toEqual(callModel(2, { phase: 'start', name: 'second' }))
    expect(next(facts.slice(0, 6), over)).toEqual(callModel(3, { phase: 'end', name: 'last' }))
    expect(next(facts, over)).toMatchObject(complete('stop'))
  })

  test('without an iteration left, nothing is forced', () => {
    const limits = { iterations: 2, continuations: 3, calls: 10 }
    const facts = [...ignores(1, 'start'), ...ignores(2, 'start')]
    expect(next(facts, { functions, limits })).toMatchObject(complete('iteration'))
  })
})

describe('worked time', () => {
  const at = (...timed: readonly (readonly [number, Fact])[]) => fold(timed.map(([at, event]) => ({ at, event })))

  test('excludes parked time, and what others write meanwhile', () => {
    const turn = asking(1, [requested(submitted)])
    const state = at(
      [1000, queued],
      [2000, started()],
      ...turn.map((fact) => [3000, fact] as const),
      [3500, awaited(submitted, 99_999)],
      [50_000, { type: 'channel-message-published', payload: {} }],
      [60_000, answered(submitted)],
      [60_000, { type: 'message-completed', message: { id: 'm', type: 'activity', text: '' } }],
      [61_000, started(2)],
      [62_000, { type: 'iteration-started', iteration: 2 }],
    )
    expect(state).toMatchObject({ workedMs: 2500, lastWorkAt: 62_000 })
  })
})
