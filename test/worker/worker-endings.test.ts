import { beforeAll, describe, expect, test } from 'vitest'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import type { JobAbort } from '../../src/dispatch/schedule/queue.ts'
import { Failure } from '../../src/kernel/errors.ts'
import { ModelFault } from '../../src/models/model.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { ids } from '../support/run/runs.ts'
import { createScriptedModel, type Line } from '../support/run/scripted-model.ts'
import { createWorkplace } from '../support/service/workplace.ts'

describe.each(engines)("how a worker's runs end on %s", (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  test('ends a run after its seconds of work, even in the middle of a word', async () => {
    const { create, work, kinds, run } = createWorkplace(engine)
    await create({ timeoutSeconds: 1 })
    await work(createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }]))
    expect((await kinds()).slice(-2)).toEqual(['message-discarded', 'dispatch-failed'])
    expect(await run()).toMatchObject({
      status: 'failed',
      error: { code: 'TIMEOUT', message: 'The run was given up after 1 s of work.' },
    })
    // Asked once: time was really up when the timer fired.
    expect((await kinds()).filter((type) => type === 'iteration-started')).toHaveLength(1)
  })

  test('a run with a silent model can be cancelled, and keeps its text', async () => {
    const { key, create, work, events, run, seen } = createWorkplace(engine)
    await create()
    const working = work(createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }]))
    await seen('text-delta')
    await engine.runs.cancel(key, { cancellation: { reason: 'enough' }, isForced: false, tag: ids.tag() })
    expect(await working).toBe('done')
    expect((await events()).slice(-2)).toMatchObject([
      { type: 'message-completed', message: { text: 'Hal' } },
      { type: 'dispatch-cancelled', reason: 'enough' },
    ])
    expect(await run()).toMatchObject({ status: 'cancelled' })
  })

  test('the next worker cancels a run whose worker died during a cancellation, without calling the model', async () => {
    const { key, create, work, kinds, seen } = createWorkplace(engine)
    await create()
    const first = new AbortController()
    const dying = work(
      createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }]),
      { cancellationCheckMs: 3_600_000 },
      first.signal,
    )
    await seen('text-delta')
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
    first.abort('lost' satisfies JobAbort)
    await dying
    const model = createScriptedModel([{ lines: ['never'] }])
    await work(model)
    expect(model.calls).toHaveLength(0)
    expect((await kinds()).slice(-2)).toEqual(['message-discarded', 'dispatch-cancelled'])
  })

  test.each<[string, Line, string]>([
    ['cannot be reached', new ModelFault('unavailable', 'No route.'), 'MODEL_UNAVAILABLE'],
    ['refuses', new ModelFault('rejected', 'Too rude.'), 'MODEL_REJECTED'],
  ])('fails the run with the words of a provider that %s', async (_what, fault, code) => {
    const { create, work, kinds, run } = createWorkplace(engine)
    await create()
    await work(createScriptedModel([{ lines: ['Hal', fault] }]))
    expect((await kinds()).slice(-2)).toEqual(['message-discarded', 'dispatch-failed'])
    expect(await run()).toMatchObject({ status: 'failed', error: { code, message: (fault as Error).message } })
  })

  test('fails the run when this worker has no such model', async () => {
    const { create, work, run } = createWorkplace(engine)
    await create({ model: 'gone:model' })
    await work(null)
    expect(await run()).toMatchObject({
      error: { code: 'MODEL_UNAVAILABLE', message: 'This worker has no model "gone:model".' },
    })
  })

  test('masks a defect, and reports it once', async () => {
    const { reported, create, work, run } = createWorkplace(engine)
    await create()
    const defect = new Error('secret detail')
    await work(createScriptedModel([{ lines: ['Hal', defect] }]))
    expect(await run()).toMatchObject({
      status: 'failed',
      error: { code: 'INTERNAL', message: 'The server failed at this run. It was logged as err_1.' },
    })
    expect(reported).toEqual([defect])
  })

  test('ends a run whose log is full, instead of trimming it', async () => {
    const { create, work, events, run } = createWorkplace(engine)
    await create()
    const lines = ['word ', new Promise(() => {})]
    await work(createScriptedModel([{ lines }]), { limits: { maxEntries: 4, maxBytes: 1_000_000 } })
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'LIMIT_EXCEEDED' } })
    expect((await events())[0]?.type).toBe('dispatch-queued')
  })

  test('throws the failure of the store, so that the job is repeated', async () => {
    const { reported, create, work } = createWorkplace(engine)
    await create()
    const failing: RunStore = {
      ...engine.runs,
      append: async () => {
        throw new Failure('UNAVAILABLE', 'Redis cannot be reached.')
      },
    }
    await expect(work(createScriptedModel([{ lines: ['x'] }]), { runs: failing })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    expect(reported).toEqual([])
  })
})
