import { beforeAll, describe, expect, test } from 'vitest'
import type { ProviderCall, ProviderLimits } from '../../src/dispatch/limits/provider-limits.ts'
import { ModelFault } from '../../src/models/model.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createScriptedModel } from '../support/run/scripted-model.ts'
import { createWorkplace } from '../support/service/workplace.ts'

/** Limits that answer with these waits, then with 0, and note what they are asked. */
function limitsThatAnswer(...waits: readonly number[]) {
  const left = [...waits]
  const calls: ProviderCall[] = []
  const corrections: number[] = []
  const providerLimits: ProviderLimits = {
    enter: async (call) => {
      calls.push(call)
      return left.shift() ?? 0
    },
    correct: async (_provider, tokens) => void corrections.push(tokens),
  }
  return { calls, corrections, providerLimits }
}

describe.each(engines)('the limits of providers at a worker on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  test('a call that is too far off is not begun: the run is queued again, as a hand-over leaves it, and goes on later (run 29)', async () => {
    const { create, work, kinds, run } = createWorkplace(engine)
    await create()
    const model = createScriptedModel([{ lines: ['Hello'] }])
    const { providerLimits } = limitsThatAnswer(3001)
    expect(await work(model, { providerLimits })).toBe('done')
    expect(model.calls).toHaveLength(0)
    expect(await run()).toMatchObject({ status: 'queued', wake: 1, attempts: 1 })
    expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started'])
    await work(model, { providerLimits })
    expect(await run()).toMatchObject({ status: 'completed', attempts: 2 })
  })

  test('the due list has the run a second later, before it is queued (run 29)', async () => {
    const { key, create, work } = createWorkplace(engine)
    await create()
    const brought: number[] = []
    const due = {
      ...engine.due,
      bring: async (...[of, at]: Parameters<Engine['due']['bring']>) => {
        if (of.channel === key.channel) brought.push(at)
        expect((await engine.runs.find([key]))[0]?.status).toBe('running')
        await engine.due.bring(of, at)
      },
    }
    const before = Date.now()
    await work(createScriptedModel([]), { due, clock: () => Date.now(), ...limitsThatAnswer(60_000) })
    expect(brought).toHaveLength(1)
    expect(brought[0]).toBeGreaterThanOrEqual(before + 1000)
    expect(brought[0]).toBeLessThan(before + 60_000)
  })

  test('a call that is near waits in its place, and each further try is asked for, too (run 29)', async () => {
    const { create, work, run } = createWorkplace(engine)
    await create()
    const fault = new ModelFault('unavailable', 'No route.', { isRetryable: true })
    const model = createScriptedModel([{ lines: [fault] }, { lines: ['Hello'] }])
    const { calls, corrections, providerLimits } = limitsThatAnswer(20, 10)
    await work(model, { providerLimits })
    expect(await run()).toMatchObject({ status: 'completed', attempts: 1 })
    expect(calls.map(({ patienceMs }) => patienceMs)).toEqual([3000, Number.MAX_SAFE_INTEGER])
    expect(calls[0]?.tokens).toBeGreaterThan(0)
    // What the estimate was wrong by.
    expect(corrections).toHaveLength(1)
    const used = (await run())?.usage.totalTokens ?? 0
    expect((calls[0]?.tokens ?? 0) + (corrections[0] ?? 0)).toBe(used)
  })
})
