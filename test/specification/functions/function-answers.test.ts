import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type FunctionPlace, functionPlaces } from '../../support/function/function-places.ts'
import {
  answersIn,
  type DispatchState,
  declared,
  dispatchFields,
  eventsOf,
  publish,
  stateOf,
  submit,
  untilParked,
} from '../../support/function/function-runs.ts'
import { watchUpdates } from '../../support/function/function-updates.ts'
import { ids } from '../../support/run/runs.ts'
import { dispatch, graphql, type SeenEvent, watchWebsocket } from '../../support/watching/watchers.ts'

const awaiting = { result: { await: true } }

describe.each(functionPlaces)('answers to calls on %s', (_name, open) => {
  let place: FunctionPlace
  beforeAll(async () => {
    place = await open()
  })

  const call = (names: string, functions: readonly object[], over: object = {}) =>
    dispatch(place.here, { messages: [{ type: 'USER', text: `Please call ${names}.` }], functions, ...over })
  const parked = async () => {
    const channelId = await call('ask and confirm', [declared('ask', awaiting), declared('confirm', awaiting)])
    const { ask, confirm } = await untilParked(place.here, channelId)
    return {
      channelId,
      ask: { channelId, callId: ask?.id },
      confirm: { channelId, callId: confirm?.id },
      ended: () => eventsOf(place.there, channelId),
    }
  }

  test('repeating an answer changes nothing; another answer is a CONFLICT', async () => {
    const { ask, confirm, ended } = await parked()
    expect(await submit(place.here, ask, { data: { a: 1, b: 2 } })).toBe('WAITING')
    expect(await submit(place.there, ask, { data: { b: 2, a: 1 } })).toBe('WAITING')
    expect(await submit(place.there, ask, { data: { a: 1, b: 3 } })).toBe('CONFLICT')
    expect(await submit(place.there, ask, { error: 'No.' })).toBe('CONFLICT')
    await submit(place.here, confirm, { error: 'No.' })
    expect(answersIn(await ended())).toEqual([
      ['ask', { a: 1, b: 2 }],
      ['confirm', 'FAILED'],
    ])
  })

  test('of different simultaneous answers from all processes, exactly one is accepted', async () => {
    const { ask, confirm, ended } = await parked()
    const tries = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        return [n, await submit(n % 2 === 0 ? place.here : place.there, ask, { data: n })] as const
      }),
    )
    const taken = tries.filter(([, outcome]) => outcome === 'WAITING')
    expect(taken).toHaveLength(1)
    expect(tries.filter(([, outcome]) => outcome === 'CONFLICT')).toHaveLength(19)
    await submit(place.here, confirm, { data: null })
    expect(answersIn(await ended())[0]).toEqual(['ask', taken[0]?.[0]])
  })

  test('an unknown call is NOT_FOUND, and so is a call of an unknown dispatch', async () => {
    const { channelId, ask } = await parked()
    expect(await submit(place.here, { channelId, callId: 'call_0123456789abcdefghijkl' }, { data: 1 })).toBe(
      'NOT_FOUND',
    )
    expect(await submit(place.here, { channelId, callId: '' }, { data: 1 })).toBe('NOT_FOUND')
    expect(await submit(place.here, { ...ask, channelId: ids.channelId() }, { data: 1 })).toBe('NOT_FOUND')
  })

  test('after the run has ended, answers and messages are a CONFLICT', async () => {
    const { channelId, ask, confirm, ended } = await parked()
    await Promise.all([ask, confirm].map((each) => submit(place.here, each, { data: 1 })))
    await ended()
    expect(await submit(place.here, ask, { data: 2 })).toBe('CONFLICT')
    expect(await submit(place.here, { channelId, callId: 'call_0123456789abcdefghijkl' }, { data: 1 })).toBe('CONFLICT')
    expect(await publish(place.here, channelId, { hello: 1 })).toBe('CONFLICT')
    // Whoever did not hear that his answer was taken sends it again.
    expect(await submit(place.there, ask, { data: 1 })).toBe('COMPLETED')
  })

  test('a call whose answer must be published refuses a submitted one', async () => {
    const on = ids.channelId()
    const channelId = await call('listen', [declared('listen', { result: { channel: on } })])
    const { listen } = await untilParked(place.here, channelId)
    expect(await submit(place.there, { channelId, callId: listen?.id }, { data: 1 })).toBe('CONFLICT')
    await publish(place.there, on, { result: 2 })
    expect(answersIn(await eventsOf(place.here, channelId))).toEqual([['listen', 2]])
  })

  test('a deadline that passes is that call’s error, and the run goes on', async () => {
    const functions = [declared('ask', { ...awaiting, timeoutSeconds: 1 })]
    const channelId = await call('ask', functions)
    const events = await eventsOf(place.there, channelId)
    expect(answersIn(events)).toEqual([['ask', 'TIMEOUT']])
    expect(events.at(-1)?.result).toMatchObject({
      finishReason: 'STOP',
      text: expect.stringContaining('answered: {"error":"No answer came in time."}'),
    })
    const awaited = events.find(({ __typename }) => __typename === 'FunctionResultAwaited')
    expect(await submit(place.here, { channelId, callId: awaited?.call?.id }, { data: 1 })).toBe('CONFLICT')
  })

  test('when one of several deadlines passes, the run keeps waiting for the other answers', async () => {
    const functions = [declared('ask', { ...awaiting, timeoutSeconds: 1 }), declared('confirm', awaiting)]
    const channelId = await call('ask and confirm', functions)
    const [ask, confirm] = await vi.waitFor(
      async () => {
        const { messages, pendingCalls } = await stateOf(place.there, channelId)
        expect(pendingCalls).toMatchObject([{ name: 'confirm' }])
        const [request] = messages.flatMap(({ meta }) => {
          return meta === null ? [] : [(meta as { activity: { id: string; function: object } }).activity]
        })
        expect(request).toMatchObject({ function: { name: 'ask' } })
        return [request, pendingCalls[0]]
      },
      { timeout: 10_000 },
    )
    expect(await submit(place.here, { channelId, callId: ask?.id }, { data: 1 })).toBe('CONFLICT')
    expect(await submit(place.there, { channelId, callId: confirm?.id }, { data: 2 })).not.toBe('CONFLICT')
    expect(answersIn(await eventsOf(place.here, channelId))).toEqual([
      ['ask', 'TIMEOUT'],
      ['confirm', 2],
    ])
  })

  test('a parked run is cancelled at once and accepts no more answers', async () => {
    const { channelId, ask, ended } = await parked()
    const { data } = await graphql<{ cancelDispatch: { dispatch: DispatchState } }>(
      place.there,
      `mutation ($id: ID!) { cancelDispatch(channelId: $id, reason: "enough") { dispatch { ${dispatchFields} } } }`,
      { id: channelId },
    )
    expect(data.cancelDispatch.dispatch).toMatchObject({
      status: 'CANCELLED',
      pendingCalls: [],
      usage: { iterations: 1, calls: 2 },
    })
    expect(await submit(place.here, ask, { data: 1 })).toBe('CONFLICT')
    expect((await ended()).at(-1)?.__typename).toBe('DispatchCancelled')
  })

  test('clients can query and watch pending calls, each with its deadline', async () => {
    const updates: DispatchState[] = []
    const functions = [declared('ask', { ...awaiting, timeoutSeconds: 3600 }), declared('confirm', awaiting)]
    const before = Date.now()
    const channelId = await call('ask and confirm', functions)
    const watching = watchUpdates(place.there, channelId, (update) => updates.push(update))
    const { ask, confirm } = await untilParked(place.here, channelId)
    const after = Date.now()
    for (const [pending, seconds] of [
      [ask, 3600],
      [confirm, 604_800],
    ] as const) {
      const deadline = Date.parse(pending?.deadline ?? '')
      expect(deadline).toBeGreaterThanOrEqual(before + seconds * 1000)
      expect(deadline).toBeLessThanOrEqual(after + seconds * 1000)
    }
    await vi.waitFor(() => expect(updates.at(-1)).toMatchObject({ status: 'WAITING', pendingCalls: [ask, confirm] }))

    await submit(place.here, { channelId, callId: ask?.id }, { data: 1 })
    await vi.waitFor(() => expect(updates.at(-1)).toMatchObject({ status: 'WAITING', pendingCalls: [confirm] }))
    expect((await stateOf(place.here, channelId)).pendingCalls).toEqual([confirm])

    await submit(place.here, { channelId, callId: confirm?.id }, { data: 2 })
    await watching
    expect(updates.at(-1)).toMatchObject({ status: 'COMPLETED', pendingCalls: [] })
    expect((await stateOf(place.here, channelId)).pendingCalls).toEqual([])
  })

  test('messages on a channel without a run reach watchers and late readers in order', async () => {
    const channelId = ids.channelId()
    const service = { ...place.there, close: async () => {} }
    const seen: SeenEvent[] = []
    const watching = watchWebsocket(service, { channelId })
    const all = (async () => {
      for await (const event of watching) if (seen.push(event) === 3) watching.cut()
    })()
    for (const n of [1, 2, 3]) expect(await publish(place.here, channelId, { n })).toBe('published')
    await all
    expect(seen).toMatchObject([1, 2, 3].map((n) => ({ __typename: 'ChannelMessagePublished', payload: { n } })))

    const later: SeenEvent[] = []
    const replaying = watchWebsocket({ ...service, ...place.here }, { channelId, after: seen[0]?.cursor ?? null })
    for await (const event of replaying) if (later.push(event) === 2) replaying.cut()
    expect(later).toEqual(seen.slice(1))
  })

  test('messages on a run’s own channel are in its log and do not change the run', async () => {
    const { channelId, ask, confirm, ended } = await parked()
    expect(await publish(place.there, channelId, { result: 'not for you', text: 'Hello, watchers' })).toBe('published')
    expect((await stateOf(place.here, channelId)).pendingCalls).toHaveLength(2)
    await Promise.all([ask, confirm].map((each) => submit(place.here, each, { data: 1 })))
    const events = await ended()
    expect(events.flatMap(({ payload }) => (payload === undefined ? [] : [payload]))).toEqual([
      { result: 'not for you', text: 'Hello, watchers' },
    ])
    expect(answersIn(events)).toEqual(
      expect.arrayContaining([
        ['ask', 1],
        ['confirm', 1],
      ]),
    )
    expect(events.at(-1)?.result?.finishReason).toBe('STOP')
  })
})
