import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { FunctionSpec } from '../../src/conversation/function.ts'
import type { ChannelId } from '../../src/kernel/ids.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { asks, createFunctionPlace, told } from '../support/function/function-place.ts'
import { functionSpec } from '../support/run/facts.ts'
import { ids } from '../support/run/runs.ts'
import { createScriptedModel } from '../support/run/scripted-model.ts'

const submit = { kind: 'submit' } as const
const channelOf = (channelId: ChannelId) => ({ kind: 'channel', channelId }) as const

describe.each(engines)('function calls on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const place = (...functions: FunctionSpec[]) => createFunctionPlace(engine, functions)

  test.each([[{ degrees: 18 }], [[1, 2]], ['text'], [''], [0], [false], [null]])(
    'static data %j is the answer at once',
    async (data) => {
      const { work, ending, events } = await place(functionSpec('known', { answer: { kind: 'static', data } }))
      const model = asks({ call: 'known' })
      expect(await work(model)).toBe('done')
      expect(told(model)).toEqual([['known', data]])
      expect(await ending()).toMatchObject({ result: { text: 'Done.', finishReason: 'stop' }, usage: { calls: 1 } })
      expect((await events()).map(({ type }) => type)).toEqual([
        'dispatch-queued',
        'dispatch-started',
        'iteration-started',
        'function-call-requested',
        'message-completed',
        'iteration-finished',
        'function-call-completed',
        'message-completed',
        'iteration-started',
        'text-delta',
        'message-completed',
        'iteration-finished',
        'dispatch-completed',
      ])
    },
  )

  test('a submitted answer wakes a parked run, and another worker resumes it', async () => {
    const { work, run, submitTo, jobs, key, ending, pending } = await place(
      functionSpec('ask', { answer: submit, timeoutSeconds: 60 }),
    )
    const model = asks('One moment.', { call: 'ask', arguments: { q: 1 } })
    expect(await work(model)).toBe('done')
    expect(await run()).toMatchObject({ status: 'waiting' })
    const [call] = await pending()
    expect(call).toMatchObject({ name: 'ask', arguments: { q: 1 }, answer: 'submit' })
    expect((call?.deadline ?? 0) - Date.now()).toBeGreaterThan(50_000)
    expect(jobs).toEqual([])
    const [look] = (await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)).filter(
      (due) => due.key.channel === key.channel,
    )
    expect(look?.at).toBe(call?.deadline)

    expect(await submitTo('ask', { yes: true })).toMatchObject({ outcome: 'settled' })
    expect(jobs).toEqual([{ key, wake: 2 }])
    expect(await work(model)).toBe('done')
    expect(told(model)).toEqual([['ask', { yes: true }]])
    expect(await ending()).toMatchObject({ result: { finishReason: 'stop' }, usage: { iterations: 2, calls: 1 } })
  })

  test.each([
    ['result', { result: { n: 0 } }, { n: 0 }],
    ['a falsy result', { result: 0 }, 0],
    ['the whole message', { temperature: 18 }, { temperature: 18 }],
    ['a falsy abort and error are nothing', { abort: false, error: '', result: 'ok' }, 'ok'],
    ['an error', { error: 'It is broken.', result: 1 }, { error: 'It is broken.' }],
    ['an error without words', { error: { code: 7 } }, { error: 'Unknown error occurred' }],
  ])('a message on its channel is the answer: %s', async (_what, message, result) => {
    const channel = ids.channelId()
    const { work, run, publish, jobs } = await place(functionSpec('ask', { answer: channelOf(channel) }))
    const model = asks({ call: 'ask' })
    await work(model)
    expect(await run()).toMatchObject({ status: 'waiting' })
    expect(await publish(channel, message)).toBe('published')
    expect(jobs).toHaveLength(1)
    await work(model)
    expect(told(model)).toEqual([['ask', result]])
  })

  test('a message that asks to abort ends the run and its other pending calls', async () => {
    const channel = ids.channelId()
    const { work, publish, ending, pending, events } = await place(
      functionSpec('ask', { answer: channelOf(channel) }),
      functionSpec('other', { answer: submit }),
    )
    await work(asks('Hm.', { call: 'ask' }, { call: 'other' }))
    await publish(channel, { abort: 'Not today.', error: 'no' })
    await work(asks())
    expect(await ending()).toMatchObject({ result: { text: 'Hm.', finishReason: 'abort' } })
    expect(await events()).toContainEqual(
      expect.objectContaining({ type: 'function-call-failed', error: { code: 'ABORTED', message: 'Not today.' } }),
    )
    expect(await pending()).toEqual([])
  })

  test('a message shortly before its call is its answer, and the run does not even park', async () => {
    const channel = ids.channelId()
    const { work, publish, ending } = await place(functionSpec('ask', { answer: channelOf(channel) }))
    await publish(channel, { result: 'early' })
    const model = asks({ call: 'ask' })
    await work(model)
    expect(told(model)).toEqual([['ask', 'early']])
    expect(await ending()).toMatchObject({ result: { finishReason: 'stop' } })
  })

  test('calls on one channel get its messages in the order in which the model made them', async () => {
    const channel = ids.channelId()
    const { work, publish } = await place(functionSpec('ask', { answer: channelOf(channel) }))
    const model = asks({ call: 'ask', arguments: { n: 1 } }, { call: 'ask', arguments: { n: 2 } })
    await work(model)
    await publish(channel, { result: 'one' })
    await publish(channel, { result: 'two' })
    await work(model)
    expect(told(model)).toEqual([
      ['ask', 'one'],
      ['ask', 'two'],
    ])
  })

  test("a message whose call was answered by its deadline goes to another run's call", async () => {
    const channel = ids.channelId()
    const first = await place(functionSpec('ask', { answer: channelOf(channel), timeoutSeconds: 0.02 }))
    const second = await place(functionSpec('ask', { answer: channelOf(channel) }))
    const [gaveUp, answered] = [asks({ call: 'ask' }), asks({ call: 'ask' })]
    await first.work(gaveUp)
    await second.work(answered)
    await vi.waitFor(async () => expect(await first.answers.settleOverdue({ key: first.key, paused: null })).toBe(null))
    await first.publish(channel, { result: 'late' })
    await Promise.all([first.work(gaveUp), second.work(answered)])
    expect(told(gaveUp)).toEqual([['ask', { error: 'No answer came in time.' }]])
    expect(told(answered)).toEqual([['ask', 'late']])
  })

  test('a function without a result ends the run with its request as the last message', async () => {
    const { work, events, ending } = await place(functionSpec('ours', { answer: { kind: 'caller' } }))
    await work(asks('Please do.', { call: 'ours', arguments: { n: 1 } }))
    expect(await ending()).toMatchObject({
      type: 'dispatch-completed',
      result: { text: 'Please do.', finishReason: 'activity' },
    })
    expect((await events()).at(-2)).toMatchObject({
      type: 'message-completed',
      message: {
        type: 'activity',
        meta: { activity: { type: 'request', function: { name: 'ours', arguments: { n: 1 } } } },
      },
    })
  })

  test('calls of every kind in one turn run side by side, are answered in any order, and end with the request for the caller', async () => {
    const channel = ids.channelId()
    const slow = Promise.withResolvers<void>()
    const { work, publish, submitTo, events, ending, seen } = await place(
      functionSpec('known', { answer: { kind: 'static', data: null } }),
      functionSpec('ask', { answer: submit }),
      functionSpec('listen', { answer: channelOf(channel) }),
      functionSpec('act', { answer: { kind: 'ability', ability: { instruction: '', secretId: null } } }),
      functionSpec('ours', { answer: { kind: 'caller' } }),
    )
    const model = asks(
      { call: 'ours' },
      { call: 'ask' },
      { call: 'listen' },
      { call: 'act' },
      { call: 'known' },
      { call: 'unknown' },
    )
    const working = work(model, {
      callAbility: async () => {
        await slow.promise
        return { kind: 'completed', data: 'acted' }
      },
    })
    // Answered while our own ability is still busy: nobody waits for it.
    await seen('function-result-awaited')
    await publish(channel, { result: 'heard' })
    await submitTo('ask', 'submitted')
    slow.resolve()
    expect(await working).toBe('done')
    expect(await ending()).toMatchObject({ result: { finishReason: 'activity' }, usage: { calls: 6 } })
    const responses = (await events()).flatMap((event) =>
      event.type === 'function-call-completed' || event.type === 'function-call-failed' ? [event.call.name] : [],
    )
    expect(responses.toSorted()).toEqual(['act', 'ask', 'known', 'listen', 'unknown'])
    expect((await events()).at(-2)).toMatchObject({ message: { meta: { activity: { function: { name: 'ours' } } } } })
  })

  test('an ability gets its arguments; its failure is the answer', async () => {
    const { key, work, ending } = await place(
      functionSpec('act', { answer: { kind: 'ability', ability: { instruction: 'do', secretId: 's' } } }),
    )
    const model = asks({ call: 'act', arguments: { n: 1 } })
    const asked: unknown[] = []
    await work(model, {
      callAbility: async ({ key, spec, call }) => {
        asked.push([key, spec.answer, call.arguments])
        return { kind: 'failed', error: { code: 'FAILED', message: 'Out of order.' } }
      },
    })
    expect(asked).toEqual([[key, { kind: 'ability', ability: { instruction: 'do', secretId: 's' } }, { n: 1 }]])
    expect(told(model)).toEqual([['act', { error: 'Out of order.' }]])
    expect(await ending()).toMatchObject({ result: { finishReason: 'stop' } })
  })

  test('an ability in progress is aborted when the run is cancelled', async () => {
    const { key, work, ending, seen } = await place(
      functionSpec('act', { answer: { kind: 'ability', ability: { instruction: '', secretId: null } } }),
    )
    const working = work(asks({ call: 'act' }), {
      callAbility: (_call, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    })
    await seen('iteration-finished')
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: 't' })
    expect(await working).toBe('done')
    expect(await ending()).toMatchObject({ type: 'dispatch-cancelled', usage: { iterations: 1, calls: 1 } })
  })

  test('forced calls: the model gets the name of each, and is free afterwards', async () => {
    const { work } = await place(functionSpec('first', { start: true }), functionSpec('last', { end: true }))
    const model = createScriptedModel([
      { lines: [{ call: 'first' }] },
      { lines: ['Well.'] },
      { lines: [{ call: 'last' }] },
      { lines: ['Done.'] },
    ])
    await work(model)
    expect(model.calls.map(({ forced }) => forced)).toEqual(['first', null, 'last', null])
    expect(model.calls[0]?.tools?.map(({ name }) => name)).toEqual(['first', 'last'])
  })

  test('the calls of a turn are returned with unique ids, whatever ids the provider uses', async () => {
    const { work } = await place(functionSpec('known'))
    const model = createScriptedModel([
      { lines: [{ call: 'known', id: 'same', arguments: { n: 1 } }] },
      { lines: [{ call: 'known', id: 'same', arguments: { n: 2 } }] },
      { lines: ['Done.'] },
    ])
    await work(model)
    const ids = model.calls[2]?.prompt.flatMap((message) => (message.role === 'tool' ? [message.callId] : []))
    expect(ids).toEqual(['same', expect.stringMatching(/^call_[A-Za-z0-9]{22}$/)])
    const asked = model.calls[2]?.prompt.flatMap((message) =>
      message.role === 'assistant' ? message.parts.flatMap((part) => (part.type === 'call' ? [part.callId] : [])) : [],
    )
    expect(asked).toEqual(ids)
  })
})
