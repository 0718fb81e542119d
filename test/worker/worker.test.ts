import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { pageLimits } from '../../src/channel/follow.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import type { ConversationRequest } from '../../src/conversation/request.ts'
import type { JobAbort, JobOutcome } from '../../src/dispatch/queue.ts'
import type { NewRun, RunRecord, RunStore } from '../../src/dispatch/run-record.ts'
import { Failure } from '../../src/errors.ts'
import type { ChannelKey } from '../../src/ids.ts'
import { type Model, ModelFault } from '../../src/models/model.ts'
import { defaultRetryPolicy } from '../../src/worker/retry.ts'
import { createWorker, type WorkerDeps } from '../../src/worker/worker.ts'
import { type Engine, engines } from '../support/engines.ts'
import { ids, newKey, newRun } from '../support/runs.ts'
import { createScriptedModel, type Line } from '../support/scripted-model.ts'

describe.each(engines)('a worker on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  const reported: unknown[] = []
  /** The waits before retries, none of which is waited for. */
  const slept: number[] = []
  const sleep = async (ms: number) => void slept.push(ms)
  beforeAll(async () => {
    engine = await open()
  })
  afterAll(() => engine.close())
  beforeEach(() => {
    key = newKey()
    reported.length = 0
    slept.length = 0
  })

  const create = (request: Partial<ConversationRequest> = {}, over: Partial<NewRun> = {}) =>
    engine.runs.create(key, newRun({ request: { ...newRun().request, ...request }, ...over }))
  const work = (
    model: Model | null,
    over: Partial<WorkerDeps> = {},
    signal = new AbortController().signal,
  ): Promise<JobOutcome> =>
    createWorker({
      runs: engine.runs,
      due: engine.due,
      openModel: () => model,
      ids,
      clock: () => Date.now(),
      limits: { maxEntries: 1000, maxBytes: 1_000_000 },
      lossLimit: 5,
      cancellationCheckMs: 20,
      calling: { retryPolicy: { ...defaultRetryPolicy, tries: 3 }, sleep, random: () => 0 },
      onClosing: 'hand-over',
      reportDefect: (error) => {
        reported.push(error)
        return 'err_1'
      },
      onError: (error) => {
        throw error
      },
      ...over,
    })({ key, wake: 1 }, signal)
  const events = async (): Promise<readonly ChannelEvent[]> => {
    const page = await engine.log.read(key, null, pageLimits)
    return page?.entries.map(({ event }) => event) ?? []
  }
  const kinds = async () => (await events()).map(({ type }) => type)
  const record = async () => (await engine.runs.find([key]))[0] as RunRecord
  /** Waits until the log holds an event of that kind. */
  const seen = (type: ChannelEvent['type']) => vi.waitFor(async () => expect(await kinds()).toContain(type))

  test('runs a conversation from queued to completed', async () => {
    await create({ backstory: 'Be kind.' })
    await engine.due.set(key, 1)
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
    expect(await record()).toMatchObject({ status: 'completed', usage: { totalTokens: 15 } })
    expect(model.calls[0]?.prompt).toEqual([
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: 'Hello' },
    ])
    await vi.waitFor(async () => expect(await engine.due.due(2, 10)).toEqual([]))
  })

  test('goes on after a cut, with what was said in the prompt, and sums the usage up', async () => {
    await create()
    const model = createScriptedModel([{ lines: ['One '], finish: 'length' }, { lines: ['two.'] }])
    await work(model)
    expect((await events()).at(-1)).toMatchObject({
      result: { text: 'One two.', finishReason: 'stop' },
      usage: { totalTokens: 30, iterations: 2 },
    })
    expect(model.calls[1]?.prompt.slice(1)).toMatchObject([{ role: 'assistant' }, { role: 'user' }])
  })

  test('takes a run over from the last whole iteration, voiding what was half said, under new message ids', async () => {
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
    expect(await dying).toBe('done')

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

  test('a worker that was only slow and wakes up after a take-over changes nothing any more', async () => {
    await create()
    const gate = Promise.withResolvers<void>()
    const slow = work(createScriptedModel([{ lines: ['zom', gate.promise, 'bie'] }]))
    await seen('text-delta')
    await work(createScriptedModel([{ lines: ['Alive'] }]))
    const before = await events()
    gate.resolve()
    expect(await slow).toBe('done')
    expect(await events()).toEqual(before)
    expect(await record()).toMatchObject({ status: 'completed', result: { text: 'Alive' } })
  })

  test('does nothing for a job that is not the run’s present one', async () => {
    await create()
    await work(createScriptedModel([{ lines: ['Once'] }]))
    const before = await events()
    const model = createScriptedModel([{ lines: ['Twice'] }])
    expect(await work(model)).toBe('done')
    expect(model.calls).toHaveLength(0)
    expect(await events()).toEqual(before)
  })

  test('hands the run over when it is to close: half a message voided, queued again without a loss', async () => {
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
    expect(await record()).toMatchObject({ status: 'queued', wake: 1 })
    expect(await work(createScriptedModel([{ lines: ['Whole'] }]), { lossLimit: 0 })).toBe('done')
    expect(await record()).toMatchObject({ status: 'completed', attempts: 2, result: { text: 'Whole' } })
  })

  test('ends the run when it is to close and no one else is there to take it', async () => {
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
    expect(await record()).toMatchObject({ status: 'failed', error: { code: 'UNAVAILABLE' } })
  })

  test('gives a run up after its seconds of work, in the middle of a word', async () => {
    await create({ timeoutSeconds: 1 })
    await work(createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }]))
    expect((await kinds()).slice(-2)).toEqual(['message-discarded', 'dispatch-failed'])
    expect(await record()).toMatchObject({
      status: 'failed',
      error: { code: 'TIMEOUT', message: 'The run was given up after 1 s of work.' },
    })
    // Asked once: time was really up when the timer fired.
    expect((await kinds()).filter((type) => type === 'iteration-started')).toHaveLength(1)
  })

  test('a run whose model is silent is cancelled all the same, and what was said stands', async () => {
    await create()
    const working = work(createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }]))
    await seen('text-delta')
    await engine.runs.cancel(key, { cancellation: { reason: 'enough' }, isForced: false, tag: ids.tag() })
    expect(await working).toBe('done')
    expect((await events()).slice(-2)).toMatchObject([
      { type: 'message-completed', message: { text: 'Hal' } },
      { type: 'dispatch-cancelled', reason: 'enough' },
    ])
    expect(await record()).toMatchObject({ status: 'cancelled' })
  })

  test('a run that was to be cancelled when its worker died is cancelled by the next one, without asking the model', async () => {
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
    await create()
    await work(createScriptedModel([{ lines: ['Hal', fault] }]))
    expect((await kinds()).slice(-2)).toEqual(['message-discarded', 'dispatch-failed'])
    expect(await record()).toMatchObject({ status: 'failed', error: { code, message: (fault as Error).message } })
  })

  test('fails the run when this worker has no such model', async () => {
    await create({ model: 'gone:model' })
    await work(null)
    expect(await record()).toMatchObject({
      error: { code: 'MODEL_UNAVAILABLE', message: 'This worker has no model "gone:model".' },
    })
  })

  test('masks a defect, and reports it once', async () => {
    await create()
    const defect = new Error('secret detail')
    await work(createScriptedModel([{ lines: ['Hal', defect] }]))
    expect(await record()).toMatchObject({
      status: 'failed',
      error: { code: 'INTERNAL', message: 'The server failed at this run. It was logged as err_1.' },
    })
    expect(reported).toEqual([defect])
  })

  test('ends a run whose log has become too long, instead of trimming it', async () => {
    await create()
    const lines = ['word ', new Promise(() => {})]
    await work(createScriptedModel([{ lines }]), { limits: { maxEntries: 4, maxBytes: 1_000_000 } })
    expect(await record()).toMatchObject({ status: 'failed', error: { code: 'LIMIT_EXCEEDED' } })
    expect((await events())[0]?.type).toBe('dispatch-queued')
  })

  test("throws the store's failure, so that the job comes again", async () => {
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
