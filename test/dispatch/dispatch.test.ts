import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseDispatchInput } from '../../src/conversation/input/dispatch-input.ts'
import { createAnswers } from '../../src/dispatch/answer.ts'
import { createDispatchConversation, type DispatchDeps } from '../../src/dispatch/dispatch.ts'
import { unlimitedRate } from '../../src/dispatch/limits/dispatch-rate.ts'
import { unlimitedDays } from '../../src/dispatch/limits/used-today.ts'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import { type Sweep, startSweep } from '../../src/dispatch/schedule/sweep.ts'
import { badInput, Failure } from '../../src/kernel/errors.ts'
import { localAccount } from '../../src/kernel/ids.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { opened } from '../support/lifetime/opened.ts'
import { lineWorkOn } from '../support/run/line-work.ts'
import { ids, newKey, newRun, startRun } from '../support/run/runs.ts'

const hello = { messages: [{ type: 'user', text: 'Hello' }] }

describe.each(engines)('dispatching on %s', (_name, open) => {
  let engine: Engine
  let now: number
  let jobs: Job[]
  let sweep: Sweep
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(async () => {
    now = 1_000_000
    jobs = []
    for (const entry of await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)) await engine.due.drop(entry)
  })

  const queue = { add: async (job: Job) => void jobs.push(job) }
  const deps = (over: Partial<DispatchDeps> = {}): DispatchDeps => ({
    ...engine,
    queue,
    lineWork: lineWorkOn(engine, { queue }),
    preflight: {
      resolve: async ({ input: { model, limits, timeoutSeconds } }) => {
        if (model === 'unknown') throw badInput([{ path: ['input', 'model'], message: 'There is no model "unknown".' }])
        const bounds = { iterations: limits.iterations ?? 100, continuations: 20, calls: 1000 }
        const { request } = newRun()
        const resolved = { ...request, model: model ?? 'demo', limits: bounds, timeoutSeconds }
        return { request: resolved, botId: 'bot_1', contactId: null }
      },
      models: () => [],
    },
    rate: unlimitedRate,
    daily: unlimitedDays,
    ids,
    clock: () => now,
    traceparent: () => undefined,
    repairMs: 5_000,
    ...over,
  })
  const dispatch = (input: object, over: Partial<DispatchDeps> = {}) =>
    createDispatchConversation(deps(over))(localAccount, parseDispatchInput(input, ['input']))
  const sweepOnce = async () => {
    sweep = opened(
      startSweep({
        ...engine,
        queue,
        lineWork: lineWorkOn(engine, { queue }),
        answers: createAnswers({
          ...engine,
          queue,
          ids,
          clock: () => now,
          traceparent: () => undefined,
          repairMs: 5_000,
        }),
        clock: () => now,
        onError: () => {},
        intervalMs: 3_600_000,
        batch: 10,
        repairMs: 30_000,
        queuedMs: 60_000,

        waitingMs: 600_000,
      }),
    )
    await sweep.once()
  }

  test('stores the run, then queues it', async () => {
    const run = await dispatch({ ...hello, model: 'demo/delayMs=0', limits: { iterations: 3 }, timeoutSeconds: 9 })
    expect(run).toMatchObject({
      status: 'queued',
      model: 'demo/delayMs=0',
      createdAt: 1_000_000,
      botId: 'bot_1',
      contactId: null,
    })
    expect(jobs).toEqual([{ key: run.key, wake: 1 }])
    const reply = await engine.runs.claim(run.key, { wake: 1, claim: 'c', tag: 't', lossLimit: 1 })
    expect(reply).toMatchObject({
      claimed: {
        request: {
          model: 'demo/delayMs=0',
          backstory: null,
          limits: { iterations: 3, continuations: 20, calls: 1000 },
          timeoutSeconds: 9,
        },
      },
    })
    expect(await engine.index.page(localAccount, null, 1)).toEqual([{ channel: run.key.channel, createdAt: now }])
  })

  test('the trace of the caller goes into the request and into the job', async () => {
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const run = await dispatch(hello, { traceparent: () => trace })
    expect(jobs).toEqual([{ key: run.key, wake: 1, traceparent: trace }])
    const reply = await engine.runs.claim(run.key, { wake: 1, claim: 'c', tag: 't', lossLimit: 1 })
    expect(reply).toMatchObject({ claimed: { request: { traceparent: trace } } })
  })

  test("keeps the caller's message ids and mints the others", async () => {
    const { key } = await dispatch({
      messages: [
        { id: 'mine', type: 'user', text: 'a' },
        { type: 'bot', text: 'b' },
      ],
    })
    const [first] = await engine.runs.facts(key)
    expect(first?.event).toMatchObject({ messages: [{ id: 'mine' }, { id: expect.stringMatching(/^msg_\w{22}$/) }] })
  })

  test('the same channel with the same input is the same run, queued again in case it was not', async () => {
    const { channel } = newKey()
    const first = await dispatch({ ...hello, channelId: channel })
    now += 60_000
    const again = await dispatch({
      messages: [{ text: 'Hello', type: 'user', id: null }],
      channelId: channel,
      model: null,
    })
    expect(again).toEqual(first)
    expect(jobs).toHaveLength(2)
  })

  test('returns an ended run, even if the resources it used are gone', async () => {
    const { channel } = newKey()
    const input = { ...hello, channelId: channel }
    const { key } = await dispatch(input)
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: 't', lossLimit: 1 })
    jobs = []
    const preflight = { resolve: () => Promise.reject(badInput([])), models: () => [] }
    expect(await dispatch(input, { preflight })).toMatchObject({ status: 'running' })
    expect(jobs).toEqual([])
  })

  test('another input for the same channel is a CONFLICT, also when both arrive at once', async () => {
    const { channel } = newKey()
    const other = { messages: [{ type: 'user', text: 'Other' }], channelId: channel }
    const answers = await Promise.allSettled([dispatch({ ...hello, channelId: channel }), dispatch(other)])
    const rejected = answers.find((answer) => answer.status === 'rejected')
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(rejected?.reason).toMatchObject({ code: 'CONFLICT', issues: [{ path: ['input', 'channelId'] }] })
    await expect(dispatch({ ...other, backstory: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('refuses an unknown model before anything is stored', async () => {
    const { channel } = newKey()
    await expect(dispatch({ ...hello, channelId: channel, model: 'unknown' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['input', 'model'], message: 'There is no model "unknown".' }],
    })
    expect(await engine.runs.find([{ account: localAccount, channel }])).toEqual([null])
    expect(await engine.due.due(now + 1e9, 10)).toEqual([])
  })

  test('a delayed run waits until its time, and then the sweep queues it', async () => {
    const notBefore = new Date(now + 60_000)
    const { key } = await dispatch({ ...hello, notBefore })
    await sweepOnce()
    expect(jobs).toEqual([])
    now += 60_000
    await sweepOnce()
    expect(jobs).toEqual([{ key, wake: 1 }])
  })

  test.each([
    ['before the record', { runs: 'create' }],
    ['before the queue', { queue: 'add' }],
  ])('a crash %s loses nothing that was promised', async (_where, at) => {
    const { channel } = newKey()
    const key = { account: localAccount, channel }
    const crash = async () => {
      throw new Failure('UNAVAILABLE', 'crash')
    }
    const over: Partial<DispatchDeps> =
      'runs' in at ? { runs: { ...engine.runs, create: crash } } : { queue: { add: crash } }
    await expect(dispatch({ ...hello, channelId: channel }, over)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    now += 5_000
    await sweepOnce()
    // Without a record there is nothing to run, and the entry goes when it is old; with one, the run is queued.
    expect(jobs).toEqual('runs' in at ? [] : [{ key, wake: 1 }])
    now += 100_000
    await sweepOnce()
    if ('runs' in at) expect(await engine.due.due(now, 10)).toEqual([])
  })

  test('the sweep queues a running run again under its wake and looks again later', async () => {
    const key = newKey()
    await startRun(engine.runs, key)
    await engine.due.bring(key, now)
    await sweepOnce()
    expect(jobs).toEqual([{ key, wake: 1 }])
    expect(await engine.due.due(now + 30_000, 10)).toEqual([{ key, at: now + 30_000 }])
  })

  test('the sweep processes more than one batch', async () => {
    const keys = Array.from({ length: 35 }, newKey)
    for (const key of keys) {
      await engine.runs.create(key, newRun())
      await engine.due.bring(key, now)
    }
    await sweepOnce()
    expect(jobs.map(({ key }) => key.channel).sort()).toEqual(keys.map(({ channel }) => channel).sort())
  })

  describe('continuing', () => {
    const ended = async () => {
      const { key } = await dispatch({ messages: [{ id: newKey().channel, type: 'user', text: 'Hello' }] })
      const claim = 'c'
      await engine.runs.claim(key, { wake: 1, claim, tag: 't', lossLimit: 1 })
      return key
    }
    const finish = async (key: ReturnType<typeof newKey>) => {
      const message = { id: `answer-${key.channel}`, type: 'bot', text: 'Hi' } as const
      const usage = (await engine.runs.find([key]))[0]?.usage as never
      await engine.runs.append(key, {
        claim: 'c',
        seq: 1,
        tag: 't',
        open: [],
        events: [
          { type: 'iteration-started', iteration: 1 },
          { type: 'message-completed', message },
          { type: 'iteration-finished', iteration: 1, finish: 'stop', usage },
          { type: 'dispatch-completed', result: { text: 'Hi', finishReason: 'stop' }, usage },
        ],
      })
    }

    test('puts the transcript of the ended dispatch first', async () => {
      const earlier = await ended()
      await finish(earlier)
      const { key } = await dispatch({ messages: [{ type: 'user', text: 'And then?' }], continues: earlier.channel })
      const [first] = await engine.runs.facts(key)
      const texts = first?.event.type === 'dispatch-queued' ? first.event.messages.map(({ text }) => text) : []
      expect(texts).toEqual(['Hello', 'Hi', 'And then?'])
      await expect(dispatch({ messages: [], continues: earlier.channel })).resolves.toBeDefined()
    })

    test('refuses an unknown dispatch, one that has not ended, and an id of its messages', async () => {
      const path = ['input', 'continues']
      await expect(dispatch({ messages: [], continues: newKey().channel })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        issues: [{ path }],
      })
      const earlier = await ended()
      await expect(dispatch({ messages: [], continues: earlier.channel })).rejects.toMatchObject({
        code: 'CONFLICT',
        issues: [{ path }],
      })
      await finish(earlier)
      const messages = [{ id: `answer-${earlier.channel}`, type: 'user', text: 'x' }]
      await expect(dispatch({ messages, continues: earlier.channel })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        issues: [{ path: ['input', 'messages', 0, 'id'] }],
      })
    })
  })
})
