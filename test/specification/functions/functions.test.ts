import { beforeAll, describe, expect, test } from 'vitest'
import { type FunctionPlace, functionPlaces } from '../../support/function/function-places.ts'
import {
  answersIn,
  declared,
  eventsOf,
  publish,
  stateOf,
  submit,
  untilParked,
} from '../../support/function/function-runs.ts'
import { ids } from '../../support/run/runs.ts'
import { dispatch } from '../../support/watching/watchers.ts'

const user = (text: string) => [{ type: 'USER', text }]
const awaiting = { result: { await: true } }

describe.each(functionPlaces)('functions on %s', (_name, open) => {
  let place: FunctionPlace
  beforeAll(async () => {
    place = await open()
  })

  const call = (names: string, functions: readonly object[], over: object = {}) =>
    dispatch(place.here, { messages: user(`Please call ${names}.`), functions, ...over })

  describe('static data', () => {
    test.each([
      [{ degrees: 18, wind: null }, '{"degrees":18,"wind":null}'],
      [['a', 1], '["a",1]'],
      ['mild', 'mild'],
      [17.5, '17.5'],
      [true, 'true'],
      [null, 'null'],
      [0, '0'],
      ['', null],
      [false, 'false'],
    ])('%j is the answer, and the model goes on with it', async (data, said) => {
      const channelId = await call('known', [declared('known', { result: { data } })])
      const events = await eventsOf(place.there, channelId)
      expect(answersIn(events)).toEqual([['known', data]])
      expect(events.at(-1)?.result).toMatchObject({
        finishReason: 'STOP',
        text: expect.stringContaining(`I called known, and it answered${said === null ? ' nothing.' : `: ${said}`}`),
      })
      expect(activities(events)).toEqual([
        { type: 'request', name: 'known', arguments: {} },
        { type: 'response', name: 'known', arguments: {}, result: data },
      ])
      expect(await stateOf(place.here, channelId)).toMatchObject({
        status: 'COMPLETED',
        attempts: 1,
        pendingCalls: [],
        usage: { iterations: 2, calls: 1 },
      })
    })
  })

  describe('a parked run, whose worker process has been killed and replaced where there is one, resumes with an answer', () => {
    const submitted: readonly (readonly [string, object, answer: unknown, said: string])[] = [
      ['an object', { data: { approved: true } }, { approved: true }, 'answered: {"approved":true}'],
      ['null', { data: null }, null, 'answered: null'],
      ['0', { data: 0 }, 0, 'answered: 0'],
      ['an empty text', { data: '' }, '', 'answered nothing'],
      ['false', { data: false }, false, 'answered: false'],
      ['an error', { error: 'Nobody is in.' }, 'FAILED', 'answered: {"error":"Nobody is in."}'],
    ]
    const published: readonly (readonly [string, object, answer: unknown, said: string])[] = [
      ['`result`', { result: { n: 0 }, other: 1 }, { n: 0 }, 'answered: {"n":0}'],
      ['a `result` of false', { result: false }, false, 'answered: false'],
      ['the whole message', { degrees: 18 }, { degrees: 18 }, 'answered: {"degrees":18}'],
      ['falsy `abort` and `error`', { abort: 0, error: null, result: 'ok' }, 'ok', 'answered: ok'],
      ['`error`', { error: 'It is broken.', result: 1 }, 'FAILED', 'answered: {"error":"It is broken."}'],
    ]

    const on = {
      ask: () => declared('ask', awaiting),
      confirm: () => declared('confirm', awaiting),
      listen: (channel: string) => declared('listen', { result: { channel } }),
      known: () => declared('known', { result: { data: 0 } }),
      ours: () => declared('ours'),
    }

    /** A run that calls all of these and waits; `listen` waits for messages on `topic`. */
    async function park(...names: readonly (keyof typeof on)[]) {
      const topic = ids.channelId()
      const functions = names.map((name) => on[name](topic))
      const channelId = await call(names.join(', ').replace(/, (\w+)$/, ' and $1'), functions)
      return { channelId, topic, calls: await untilParked(place.here, channelId) }
    }
    type Parked = Awaited<ReturnType<typeof park>>

    // The runs of all these tests wait when the one worker is killed.
    let toSubmit: Parked[]
    let toPublish: Parked[]
    let toAbort: Parked
    let ofEveryKind: Parked
    let withOurs: Parked
    beforeAll(async () => {
      ;[toSubmit, toPublish, toAbort, ofEveryKind, withOurs] = await Promise.all([
        Promise.all(submitted.map(() => park('ask'))),
        Promise.all(published.map(() => park('listen'))),
        park('listen', 'ask'),
        park('ask', 'known', 'listen', 'confirm'),
        park('ours', 'ask'),
      ])
      const { channelId, calls } = ofEveryKind
      expect(calls['known']).toBeUndefined()
      expect(await submit(place.there, { channelId, callId: calls['confirm']?.id }, { data: 'first' })).toBe('WAITING')
      await place.replaceWorker()
    })

    test.each(submitted.map((row, n) => [...row, n] as const))(
      'that is submitted: %s',
      async (_what, answer, data, said, n) => {
        const { channelId, calls } = toSubmit[n] as Parked
        expect(calls['ask']).toMatchObject({ name: 'ask', arguments: {}, answer: 'SUBMIT' })
        const outcome = await submit(place.there, { channelId, callId: calls['ask']?.id }, answer)
        expect(outcome).toMatch(/QUEUED|RUNNING|COMPLETED/)
        const events = await eventsOf(place.here, channelId)
        expect(answersIn(events)).toEqual([['ask', data]])
        expect(events.at(-1)?.result).toMatchObject({ finishReason: 'STOP', text: expect.stringContaining(said) })
        expect(attempts(events)).toEqual([1, 2])
      },
    )

    test.each(published.map((row, n) => [...row, n] as const))(
      'that is published: %s',
      async (_what, message, data, said, n) => {
        const { channelId, topic, calls } = toPublish[n] as Parked
        expect(calls['listen']).toMatchObject({ answer: 'CHANNEL' })
        expect(await publish(place.there, topic, message)).toBe('published')
        const events = await eventsOf(place.here, channelId)
        expect(answersIn(events)).toEqual([['listen', data]])
        expect(events.at(-1)?.result).toMatchObject({ finishReason: 'STOP', text: expect.stringContaining(said) })
        const announced = events.filter(({ __typename }) => __typename === 'FunctionResultAwaited')
        expect(announced).toMatchObject([{ call: { id: calls['listen']?.id }, resultChannelId: topic }])
      },
    )

    test('that is published: `abort` ends the run and all other waiting', async () => {
      const { channelId, topic, calls } = toAbort
      await publish(place.there, topic, { abort: 'Not today.', error: 'no', result: 1 })
      const events = await eventsOf(place.here, channelId)
      expect(answersIn(events)).toEqual([['listen', 'ABORTED']])
      expect(events.at(-1)).toMatchObject({ __typename: 'DispatchCompleted', result: { finishReason: 'ABORT' } })
      expect(await stateOf(place.there, channelId)).toMatchObject({ status: 'COMPLETED', pendingCalls: [] })
      expect(await submit(place.here, { channelId, callId: calls['ask']?.id }, { data: 1 })).toBe('CONFLICT')
    })

    test('of every kind, for calls of one turn, in any order', async () => {
      // `confirm` was answered before the worker was killed.
      const { channelId, topic, calls } = ofEveryKind
      await publish(place.there, topic, { error: 'second' })
      const { pendingCalls, status } = await stateOf(place.there, channelId)
      expect([status, pendingCalls]).toEqual(['WAITING', [calls['ask']]])
      await submit(place.here, { channelId, callId: calls['ask']?.id }, { data: 'third' })
      const events = await eventsOf(place.there, channelId)
      expect(answersIn(events)).toEqual([
        ['known', 0],
        ['confirm', 'first'],
        ['listen', 'FAILED'],
        ['ask', 'third'],
      ])
      const { result } = await stateOf(place.here, channelId)
      expect(result?.finishReason).toBe('STOP')
      for (const said of [
        'known, and it answered: 0',
        'confirm, and it answered: first',
        'ask, and it answered: third',
      ])
        expect(result?.text).toContain(said)
      expect(attempts(events)).toEqual([1, 2])
    })

    test('while another call waits for its caller: the run ends when the last answer has arrived', async () => {
      const { channelId, calls } = withOurs
      await submit(place.there, { channelId, callId: calls['ask']?.id }, { data: 1 })
      const events = await eventsOf(place.here, channelId)
      expect(events.at(-1)?.result?.finishReason).toBe('ACTIVITY')
      expect(activities(events).at(-1)).toEqual({ type: 'request', name: 'ours', arguments: {} })
    })
  })

  test('a message that arrives shortly before the call is its answer', async () => {
    const on = ids.channelId()
    await publish(place.there, on, { result: 'early' })
    const channelId = await call('listen', [declared('listen', { result: { channel: on } })])
    const events = await eventsOf(place.here, channelId)
    expect(answersIn(events)).toEqual([['listen', 'early']])
    expect(attempts(events)).toEqual([1])
  })

  test('two runs that wait on one channel get its messages first come, first served', async () => {
    const on = ids.channelId()
    const functions = [declared('listen', { result: { channel: on } })]
    const first = await call('listen', functions)
    await untilParked(place.here, first)
    const second = await call('listen', functions)
    await untilParked(place.here, second)
    await publish(place.here, on, { result: 'one' })
    await publish(place.there, on, { result: 'two' })
    expect(answersIn(await eventsOf(place.there, first))).toEqual([['listen', 'one']])
    expect(answersIn(await eventsOf(place.there, second))).toEqual([['listen', 'two']])
  })

  test('without a result, the run ends with the request as its last message, and another run continues with the response', async () => {
    const functions = [
      declared('ours', { parameters: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } }),
    ]
    const channelId = await dispatch(place.here, { messages: user('Please call ours with n=7.'), functions })
    const events = await eventsOf(place.there, channelId)
    expect(events.at(-1)?.result).toMatchObject({ finishReason: 'ACTIVITY' })
    const { messages } = await stateOf(place.here, channelId)
    const request = messages.at(-1)?.meta as { activity: { id: string; function: object } }
    expect(request.activity).toMatchObject({ type: 'request', function: { name: 'ours', arguments: { n: 7 } } })

    const response = {
      ...request.activity,
      type: 'response',
      function: { ...request.activity.function, result: 'done' },
    }
    const going = await dispatch(place.there, {
      continues: channelId,
      messages: [{ type: 'ACTIVITY', text: '', meta: { activity: response } }],
      functions,
    })
    expect((await eventsOf(place.here, going)).at(-1)?.result).toMatchObject({
      finishReason: 'STOP',
      text: expect.stringContaining('I called ours, and it answered: done'),
    })
  })
})

interface Activity {
  readonly type: string
  readonly function: { readonly name: string; readonly arguments: unknown; readonly result?: unknown }
}

/** Requests and responses as messages of the conversation. */
function activities(events: Awaited<ReturnType<typeof eventsOf>>): readonly object[] {
  return events.flatMap(({ message }) => {
    if (message?.type !== 'ACTIVITY') return []
    const { activity } = message.meta as { activity: Activity }
    return [{ type: activity.type, ...activity.function }]
  })
}

function attempts(events: Awaited<ReturnType<typeof eventsOf>>): readonly unknown[] {
  return events.flatMap(({ __typename, attempt }) => (__typename === 'DispatchStarted' ? [attempt] : []))
}
