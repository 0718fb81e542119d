import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { JobAbort } from '../../src/dispatch/schedule/queue.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createScriptedModel, type Line } from '../support/run/scripted-model.ts'
import { createWorkplace } from '../support/service/workplace.ts'

describe.each(engines)('a worker on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  test('runs a conversation from queued to completed', async () => {
    const { create, work, events, kinds, run } = createWorkplace(engine)
    await create({ backstory: 'Be kind.' })
    const model = createScriptedModel([{ lines: ['Hello', ' you'] }])
    expect(await work(model)).toBe('done')
    expect(await kinds()).toEqual([
      'dispatch-queued',
      'dispatch-started',
      'iteration-started',
      'text-delta',
      'message-completed',
      'iteration-finished',
      'dispatch-completed',
    ])
    expect((await events()).at(-1)).toMatchObject({
      result: { text: 'Hello you', finishReason: 'stop' },
      usage: {
        inputTokens: 10,
        cachedInputTokens: 1,
        outputTokens: 5,
        reasoningTokens: 2,
        totalTokens: 15,
        iterations: 1,
      },
    })
    expect(await run()).toMatchObject({ status: 'completed', usage: { totalTokens: 15 } })
    expect(model.calls[0]?.prompt).toEqual([
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: 'Hello' },
    ])
  })

  test('continues after a cut with the text so far in the prompt, and sums up the usage', async () => {
    const { create, work, events } = createWorkplace(engine)
    await create()
    const model = createScriptedModel([{ lines: ['One '], finish: 'length' }, { lines: ['two.'] }])
    await work(model)
    expect((await events()).at(-1)).toMatchObject({
      result: { text: 'One two.', finishReason: 'stop' },
      usage: { totalTokens: 30, iterations: 2 },
    })
    expect(model.calls[1]?.prompt.slice(1)).toMatchObject([{ role: 'assistant' }, { role: 'user' }])
  })

  test('takes over a run from its last complete iteration, voids the half message, and uses new message ids', async () => {
    const { create, work, events } = createWorkplace(engine)
    await create()
    // An attempt that finished one iteration and died in the middle of the next.
    const first = new AbortController()
    const dying = work(
      createScriptedModel([{ lines: ['One '], finish: 'length' }, { lines: ['tw', new Promise(() => {})] }]),
      {},
      first.signal,
    )
    await vi.waitFor(async () => {
      const deltas = (await events()).filter(({ type }) => type === 'text-delta')
      expect(deltas).toHaveLength(2)
    })
    first.abort('lost' satisfies JobAbort)
    expect(await dying).toBe('dropped')

    const model = createScriptedModel([{ lines: ['two.'] }])
    expect(await work(model)).toBe('done')
    expect(model.calls).toHaveLength(1)
    const all = await events()
    expect(all.filter(({ type }) => type !== 'text-delta').map(({ type }) => type)).toEqual([
      'dispatch-queued',
      'dispatch-started',
      'iteration-started',
      'message-completed',
      'iteration-finished',
      'iteration-started',
      'dispatch-started',
      'message-discarded',
      'iteration-started',
      'message-completed',
      'iteration-finished',
      'dispatch-completed',
    ])
    const [, half, whole] = all.flatMap((event) => (event.type === 'text-delta' ? [event.messageId] : []))
    expect(all).toContainEqual({ type: 'message-discarded', messageId: half })
    expect(whole).not.toBe(half)
    expect(all.filter((event) => event.type === 'iteration-started').map(({ iteration }) => iteration)).toEqual([
      1, 2, 2,
    ])
    expect(all.at(-1)).toMatchObject({ result: { text: 'One two.' }, usage: { iterations: 2, totalTokens: 30 } })
  })

  test('a slow worker that resumes after a take-over changes nothing', async () => {
    const { create, work, events, run, seen } = createWorkplace(engine)
    await create()
    const gate = Promise.withResolvers<void>()
    const slow = work(createScriptedModel([{ lines: ['zom', gate.promise, 'bie'] }]))
    await seen('text-delta')
    await work(createScriptedModel([{ lines: ['Alive'] }]))
    const before = await events()
    gate.resolve()
    expect(await slow).toBe('dropped')
    expect(await events()).toEqual(before)
    expect(await run()).toMatchObject({ status: 'completed', result: { text: 'Alive' } })
  })

  test('ignores a job that is not the current one of its run', async () => {
    const { create, work, events } = createWorkplace(engine)
    await create()
    await work(createScriptedModel([{ lines: ['Once'] }]))
    const before = await events()
    const model = createScriptedModel([{ lines: ['Twice'] }])
    expect(await work(model)).toBe('done')
    expect(model.calls).toHaveLength(0)
    expect(await events()).toEqual(before)
  })

  test('hands over the run when it closes: the half message is voided, and the run is queued again without a loss', async () => {
    const { create, work, kinds, run, seen } = createWorkplace(engine)
    await create()
    const closing = new AbortController()
    const working = work(
      createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }]),
      { lossLimit: 0 },
      closing.signal,
    )
    await seen('text-delta')
    closing.abort('closing' satisfies JobAbort)
    expect(await working).toBe('handed-back')
    expect((await kinds()).at(-1)).toBe('message-discarded')
    expect(await run()).toMatchObject({ status: 'queued', wake: 1 })
    expect(await work(createScriptedModel([{ lines: ['Whole'] }]), { lossLimit: 0 })).toBe('done')
    expect(await run()).toMatchObject({ status: 'completed', attempts: 2, result: { text: 'Whole' } })
  })

  test('counts what a handed-over iteration has used, as far as the provider has said it', async () => {
    const { create, work, events, run, seen } = createWorkplace(engine)
    await create()
    const closing = new AbortController()
    const used = { inputTokens: 30, cachedInputTokens: 4, outputTokens: 7, reasoningTokens: 0 }
    const said: readonly Line[] = [{ type: 'usage', usage: used }, 'Hal', new Promise(() => {})]
    const working = work(createScriptedModel([{ lines: said }]), {}, closing.signal)
    await seen('text-delta')
    closing.abort('closing' satisfies JobAbort)
    expect(await working).toBe('handed-back')
    const sofar = { inputTokens: 30, outputTokens: 7, totalTokens: 37, discardedTokens: 37, iterations: 0 }
    expect((await run())?.usage).toMatchObject(sofar)
    await work(createScriptedModel([{ lines: ['Whole'] }]))
    const whole = { inputTokens: 40, outputTokens: 12, totalTokens: 52, discardedTokens: 37, iterations: 1 }
    expect((await run())?.usage).toMatchObject(whole)
    expect((await events()).at(-1)).toMatchObject({ type: 'dispatch-completed', usage: whole })
  })

  test('ends the run when it closes and nobody else can take it', async () => {
    const { create, work, kinds, run, seen } = createWorkplace(engine)
    await create()
    const closing = new AbortController()
    const working = work(
      createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }]),
      { onClosing: 'end' },
      closing.signal,
    )
    await seen('text-delta')
    closing.abort('closing' satisfies JobAbort)
    expect(await working).toBe('done')
    expect((await kinds()).slice(-2)).toEqual(['message-discarded', 'dispatch-failed'])
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'UNAVAILABLE' } })
  })
})
