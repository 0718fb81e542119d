import { beforeAll, describe, expect, test } from 'vitest'
import type { FunctionSpec } from '../../src/conversation/function.ts'
import type { ChannelId } from '../../src/kernel/ids.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { asks, createFunctionPlace, told } from '../support/function/function-place.ts'
import { functionSpec } from '../support/run/facts.ts'
import { ids } from '../support/run/runs.ts'

const submit = { kind: 'submit' } as const
const channelOf = (channelId: ChannelId) => ({ kind: 'channel', channelId }) as const

describe.each(engines)('a run that parks on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const place = (...functions: FunctionSpec[]) => createFunctionPlace(engine, functions)

  test('an answer between the announcement and the park is not missed', async () => {
    const { work, answers, key, ending, run } = await place(functionSpec('ask', { answer: submit }))
    const model = asks({ call: 'ask' })
    // Forced: right before the run is parked, its answer comes.
    const runs: typeof engine.runs = {
      ...engine.runs,
      park: async (...args) => {
        const [waiting] = await engine.runs.pending(key)
        if (waiting !== undefined) await answers.submit(key, waiting.call.id, { kind: 'completed', data: 'just now' })
        return engine.runs.park(...args)
      },
    }
    expect(await work(model, { runs })).toBe('done')
    expect(told(model)).toEqual([['ask', 'just now']])
    expect(await run()).toMatchObject({ status: 'completed', wake: 1 })
    expect(await ending()).toMatchObject({ type: 'dispatch-completed' })
  })

  // Its claim may be lost by then, and the entry another's.
  test('a worker that parks a run never postpones its next look', async () => {
    const { work, key, run } = await place(functionSpec('ask', { answer: submit, timeoutSeconds: 3600 }))
    await engine.due.bring(key, 1)
    expect(await work(asks({ call: 'ask' }))).toBe('done')
    expect(await run()).toMatchObject({ status: 'waiting' })
    expect(await engine.due.due(1, 1000)).toContainEqual({ key, at: 1 })
  })

  test('a run that is removed right before it is parked leaves no look at its deadline', async () => {
    const { work, key } = await place(functionSpec('ask', { answer: submit, timeoutSeconds: 3600 }))
    const due: typeof engine.due = {
      ...engine.due,
      async bring(...args) {
        await engine.runs.cancel(key, { cancellation: { reason: 'enough' }, isForced: true, tag: 't' })
        await engine.runs.remove(key)
        await engine.due.bring(...args)
      },
    }
    await work(asks({ call: 'ask' }), { due })
    const entries = await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)
    const left = entries.filter(({ key: { channel } }) => channel === key.channel)
    // The sweep, which finds nothing there, drops it.
    expect(left.filter(({ at }) => at > Date.now())).toEqual([])
  })

  test('a cancellation between the announcement and the park ends the run', async () => {
    const { work, key, ending } = await place(functionSpec('ask', { answer: submit }))
    const runs: typeof engine.runs = {
      ...engine.runs,
      park: async (...args) => {
        await engine.runs.cancel(key, { cancellation: { reason: 'enough' }, isForced: false, tag: 't' })
        return engine.runs.park(...args)
      },
    }
    await work(asks({ call: 'ask' }), { runs, cancellationCheckMs: 3_600_000 })
    expect(await ending()).toMatchObject({ type: 'dispatch-cancelled', reason: 'enough' })
  })

  test('after a worker dies after its announcement, the next one waits without announcing again', async () => {
    const channel = ids.channelId()
    const { key, work, publish, kinds, run } = await place(functionSpec('ask', { answer: channelOf(channel) }))
    const model = asks({ call: 'ask' })
    const died = new Error('died')
    const dying: typeof engine.runs = { ...engine.runs, pending: () => Promise.reject(died) }
    await expect(
      work(model, {
        runs: dying,
        reportDefect: () => {
          throw died
        },
      }),
    ).rejects.toThrow('died')
    expect((await run()).status).toBe('running')
    await work(model)
    expect(await run()).toMatchObject({ status: 'waiting', attempts: 2 })
    expect((await kinds()).filter((kind) => kind === 'function-result-awaited')).toHaveLength(1)
    await publish(channel, { result: 1 })
    await work(model)
    expect(told(model)).toEqual([['ask', 1]])
    expect(await engine.runs.pending(key)).toEqual([])
  })

  test('after a publisher dies after its match, the sweep delivers', async () => {
    const channel = ids.channelId()
    const { key, work, answers, run } = await place(functionSpec('ask', { answer: channelOf(channel) }))
    await work(asks({ call: 'ask' }))
    const onChannel = { account: key.account, channel }
    await engine.results.publish(onChannel, { message: { result: 1 }, tag: ids.tag(), epoch: ids.nonce() })
    expect(await run()).toMatchObject({ status: 'waiting' })
    await answers.redeliver(onChannel)
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect(await engine.results.undelivered(onChannel)).toEqual([])
  })
})
