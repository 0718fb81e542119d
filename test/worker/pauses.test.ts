import { beforeAll, describe, expect, test } from 'vitest'
import { longestPauseMs } from '../../src/conversation/limits.ts'
import type { ConversationRequest } from '../../src/conversation/request.ts'
import { createDailyBudget } from '../../src/dispatch/limits/used-today.ts'
import { createRaiseLimits } from '../../src/dispatch/raise-limits.ts'
import type { JobAbort } from '../../src/dispatch/schedule/queue.ts'
import { startSweep } from '../../src/dispatch/schedule/sweep.ts'
import { ModelFault } from '../../src/models/model.ts'
import { defaultRetryPolicy } from '../../src/worker/retry.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { opened } from '../support/lifetime/opened.ts'
import { functionSpec, request } from '../support/run/facts.ts'
import { lineWorkOn } from '../support/run/line-work.ts'
import { ids } from '../support/run/runs.ts'
import { createScriptedModel, type ScriptedCall } from '../support/run/scripted-model.ts'
import { createWorkplace } from '../support/service/workplace.ts'

/** Each call of the model reads 10 tokens and writes 5. */
const cut = (text: string): ScriptedCall => ({ lines: [text], finish: 'length' })
const price = { input: 1000, cachedInput: 1000, output: 10_000, reasoning: 10_000 }

describe.each(engines)('a run with a budget on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const place = async (limits: Partial<ConversationRequest['limits']>, over: Partial<ConversationRequest> = {}) => {
    const made = createWorkplace(engine)
    await made.create({ limits: { ...request.limits, ...limits }, ...over })
    const raise = createRaiseLimits({
      ...engine,
      queue: { add: async (job) => void made.jobs.push(job) },
      ids,
      clock: () => Date.now(),
      traceparent: () => undefined,
      repairMs: 5000,
    })
    const count = async (kind: string) => (await made.kinds()).filter((each) => each === kind).length
    return { ...made, count, raise: (to: Parameters<typeof raise>[1]) => raise(made.key, to) }
  }
  const pauses = { whenReached: 'pause' } as const

  test('pauses at its limit, holding no worker, and goes on where it was, again and again', async () => {
    const { work, run, raise, jobs, key, events, count } = await place({ tokens: 30, ...pauses })
    const model = createScriptedModel([cut('One'), cut(' two'), cut(' three'), { lines: [' four.'] }])
    expect(await work(model)).toBe('done')
    expect(await run()).toMatchObject({ status: 'waiting', paused: { kind: 'tokens', used: 30, allowed: 30 } })
    const paused = (await events()).at(-1)
    expect(paused).toMatchObject({ type: 'dispatch-paused', usage: { totalTokens: 30, iterations: 2 } })
    const { at } = (await engine.runs.facts(key)).at(-1) ?? { at: 0 }
    expect(Math.abs((paused as { pausedUntil: number }).pausedUntil - at - longestPauseMs)).toBeLessThan(60_000)
    expect(await raise({ tokens: 40 })).toMatchObject({ status: 'queued', wake: 2 })
    expect(jobs).toEqual([{ key, wake: 2 }])
    await work(model)
    // Beyond the limit by no more than the call that was in flight.
    expect(await run()).toMatchObject({ status: 'waiting', paused: { used: 45, allowed: 40 } })
    await raise({ tokens: 46 })
    await work(model)
    expect(await run()).toMatchObject({
      status: 'completed',
      attempts: 3,
      paused: null,
      result: { text: 'One two three four.', finishReason: 'stop' },
      usage: { totalTokens: 60 },
    })
    expect([model.calls.length, await count('dispatch-paused')]).toEqual([4, 2])
  })

  test('a raise right before the pause is not missed', async () => {
    const { work, raise, run, count } = await place({ tokens: 15, ...pauses })
    const runs: typeof engine.runs = {
      ...engine.runs,
      park: async (...args) => {
        await raise({ tokens: 1000 })
        return engine.runs.park(...args)
      },
    }
    await work(createScriptedModel([cut('One'), { lines: [' two.'] }]), { runs })
    expect(await run()).toMatchObject({ status: 'completed', wake: 1, result: { text: 'One two.' } })
    expect(await count('dispatch-paused')).toBe(0)
  })

  test('a raise right before the run ends at its limit is heard: it goes on', async () => {
    const { work, raise, run } = await place({ tokens: 15 })
    let isRaised = false
    const runs: typeof engine.runs = {
      ...engine.runs,
      append: async (key, append) => {
        if (!isRaised && append.events.some(({ type }) => type === 'dispatch-completed')) {
          isRaised = true
          await raise({ tokens: 1000 })
        }
        return engine.runs.append(key, append)
      },
    }
    await work(createScriptedModel([cut('One'), { lines: [' two.'] }]), { runs })
    expect(await run()).toMatchObject({ status: 'completed', result: { text: 'One two.', finishReason: 'stop' } })
  })

  test.each(['before', 'after'] as const)('a worker that dies right %s its pause leaves one pause', async (when) => {
    const { work, run, count } = await place({ tokens: 15, ...pauses })
    const died = new Error('died')
    const runs: typeof engine.runs = {
      ...engine.runs,
      park: async (...args) => {
        if (when === 'after') await engine.runs.park(...args)
        throw died
      },
    }
    const model = createScriptedModel([cut('One')])
    const dies = {
      runs,
      reportDefect: () => {
        throw died
      },
    }
    await expect(work(model, dies)).rejects.toThrow('died')
    // The job comes again.
    await work(model)
    expect(await run()).toMatchObject({ status: 'waiting', usage: { totalTokens: 15 }, paused: { used: 15 } })
    expect([await count('dispatch-paused'), model.calls.length]).toEqual([1, 1])
  })

  test('a failed try that has used up the budget is not repeated, and counts', async () => {
    const { work, run, raise } = await place({ tokens: 50, ...pauses })
    const fault = new ModelFault('unavailable', 'cut', { isRetryable: true })
    const used = { inputTokens: 90, cachedInputTokens: 0, outputTokens: 10, reasoningTokens: 0 }
    const model = createScriptedModel([
      { lines: ['Half', { type: 'usage', usage: used }, fault] },
      { lines: ['Whole.'] },
    ])
    await work(model)
    const discarded = { totalTokens: 100, discardedTokens: 100 }
    expect(await run()).toMatchObject({ status: 'waiting', paused: { used: 100, allowed: 50 }, usage: discarded })
    expect(model.calls).toHaveLength(1)
    await raise({ tokens: 101 })
    await work(model)
    expect(await run()).toMatchObject({ status: 'completed', usage: { totalTokens: 115, discardedTokens: 100 } })
  })

  test('what failed tries have used counts, although the run is handed over, or put off, before the next one', async () => {
    const { work, run } = await place({ tokens: 350, ...pauses })
    const fault = new ModelFault('unavailable', 'cut', { isRetryable: true })
    const used = { inputTokens: 90, cachedInputTokens: 0, outputTokens: 10, reasoningTokens: 0 }
    const half: ScriptedCall = { lines: ['Half', { type: 'usage', usage: used }, fault] }
    const model = createScriptedModel([half, half, half, half, { lines: ['Whole.'] }])
    const closing = new AbortController()
    const sleep = async () => closing.abort('closing' satisfies JobAbort)
    await work(model, { calling: { retryPolicy: defaultRetryPolicy, sleep, random: () => 0 } }, closing.signal)
    expect(await run()).toMatchObject({ status: 'queued', usage: { totalTokens: 100, discardedTokens: 100 } })
    // Its provider's limits let it ask once.
    let asked = 0
    const enter = async () => (asked++ === 0 ? 0 : 60_000)
    await work(model, { providerLimits: { enter, correct: async () => {} } })
    expect(await run()).toMatchObject({ status: 'queued', usage: { totalTokens: 200, discardedTokens: 200 } })
    // It closes while the next try waits for them.
    const over = new AbortController()
    const wait = async () => {
      if (model.calls.length === 3) over.abort('closing' satisfies JobAbort)
      return 0
    }
    await work(model, { providerLimits: { enter: wait, correct: async () => {} } }, over.signal)
    expect(await run()).toMatchObject({ status: 'queued', usage: { totalTokens: 300, discardedTokens: 300 } })
    await work(model)
    expect(await run()).toMatchObject({ status: 'waiting', paused: { used: 400, allowed: 350 } })
    expect(model.calls).toHaveLength(4)
  })

  test('END completes with what there is, and the model is told how much it may write', async () => {
    const { work, run } = await place({ tokens: 40 })
    const model = createScriptedModel([cut('One'), cut(' two'), cut(' three')])
    await work(model)
    expect(await run()).toMatchObject({ result: { text: 'One two three', finishReason: 'tokens' } })
    expect(model.calls.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([40, 25, 16])
  })

  test('money: each iteration has its cost, and the run ends when it has cost so much', async () => {
    const { work, run, events } = await place({ cost: 0.1 }, { price })
    await work(createScriptedModel([cut('One'), cut(' two')]))
    expect(await run()).toMatchObject({ isPriced: true, result: { finishReason: 'cost' }, usage: { cost: 0.12 } })
    const costs = (await events()).flatMap((event) => (event.type === 'iteration-finished' ? [event.usage.cost] : []))
    expect(costs).toEqual([0.06, 0.06])
  })

  test('calls: those beyond the limit fail; once it is raised further ones are carried out', async () => {
    const answer = { kind: 'static', data: 'yes' } as const
    const { work, run, raise, count } = await place(
      { calls: 1, ...pauses },
      { functions: [functionSpec('f', { answer })] },
    )
    const asks = (n: number) => ({ call: 'f', arguments: { n } })
    const model = createScriptedModel([{ lines: [asks(1), asks(2)] }, { lines: [asks(3)] }, { lines: ['Done.'] }])
    await work(model)
    expect(await run()).toMatchObject({ status: 'waiting', paused: { kind: 'calls', used: 2, allowed: 1 } })
    expect(await count('function-call-failed')).toBe(1)
    await raise({ calls: 2 })
    expect(await run()).toMatchObject({ status: 'waiting', paused: { used: 2, allowed: 2 } })
    await raise({ calls: 10 })
    await work(model)
    expect(await run()).toMatchObject({ status: 'completed', result: { text: 'Done.' } })
    expect([await count('function-call-failed'), await count('function-call-completed')]).toEqual([1, 2])
  })

  test('a pause that has lasted to its end is ended by the sweep, and the run completes with what it has', async () => {
    const { work, run, jobs, key, answers } = await place({ tokens: 15, ...pauses })
    const runs: typeof engine.runs = {
      ...engine.runs,
      park: (of, park) => {
        const { paused, tag } = park.pause as NonNullable<typeof park.pause>
        return engine.runs.park(of, { ...park, pause: { paused: { ...paused, pausedUntil: Date.now() - 1 }, tag } })
      },
    }
    const model = createScriptedModel([cut('One')])
    await work(model, { runs })
    await engine.due.bring(key, 0)
    const queue = { add: async (job: (typeof jobs)[number]) => void jobs.push(job) }
    const periods = { intervalMs: 3_600_000, batch: 500, repairMs: 10_000, queuedMs: 60_000, waitingMs: 600_000 }
    const onError = (error: unknown) => {
      throw error
    }
    const deps = { ...engine, queue, answers, lineWork: lineWorkOn(engine), clock: () => Date.now(), onError }
    await opened(startSweep({ ...deps, ...periods })).once()
    expect(jobs).toContainEqual({ key, wake: 2 })
    await work(model)
    expect(await run()).toMatchObject({ status: 'completed', result: { text: 'One', finishReason: 'tokens' } })
  })

  test('a run whose account has used up its day ends before its next model call', async () => {
    const { work, run, key } = await place({})
    const limit = (await engine.usedToday.of(key.account)).tokens + 15
    const daily = createDailyBudget(engine.usedToday, () => ({ tokens: limit, cost: null }))
    const model = createScriptedModel([cut('One'), cut(' two')])
    await work(model, { daily })
    expect(await run()).toMatchObject({
      status: 'failed',
      error: {
        code: 'LIMIT_EXCEEDED',
        message: `The account has used up its ${limit} tokens (TOKENS_PER_DAY) of this day; the next day begins at 00:00 UTC.`,
      },
      usage: { totalTokens: 15 },
    })
    expect(model.calls).toHaveLength(1)
  })

  test('refuses a raise where there is no run, once it has ended, and of a cost that cannot be known', async () => {
    const { work, raise } = await place({ tokens: 15 })
    await expect(raise({ cost: 1 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['input', 'limits', 'cost'] }],
    })
    await work(createScriptedModel([{ lines: ['Hi'] }]))
    await expect(raise({ tokens: 50 })).rejects.toMatchObject({ code: 'CONFLICT' })
    const nowhere = createRaiseLimits({ ...engine, ids, clock: () => 0, traceparent: () => undefined, repairMs: 0 })
    await expect(
      nowhere({ account: ids.nonce() as never, channel: ids.channelId() }, { tokens: 1 }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  // The process may die as it raises, before it can queue the run.
  test('raised but not queued: the sweep looks within seconds, although the pause may last for weeks', async () => {
    const { work, run, key } = await place({ tokens: 15, ...pauses })
    await work(createScriptedModel([cut('One')]))
    const dueAt = async () =>
      (await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)).find((due) => due.key.channel === key.channel)?.at
    const now = Date.now()
    expect(await dueAt()).toBeGreaterThan(now + longestPauseMs / 2)
    const dying: typeof engine.runs.raise = async (...args) => {
      await engine.runs.raise(...args)
      throw new Error('died')
    }
    const raise = createRaiseLimits({
      ...{ ...engine, runs: { ...engine.runs, raise: dying }, queue: { add: async () => {} }, ids },
      ...{ clock: () => now, traceparent: () => undefined, repairMs: 5000 },
    })
    await expect(raise(key, { tokens: 500 })).rejects.toThrow('died')
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect(await dueAt()).toBe(now + 5000)
  })
})
