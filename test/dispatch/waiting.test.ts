import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAnswers } from '../../src/dispatch/answer.ts'
import type { Run } from '../../src/dispatch/run.ts'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import { startSweep } from '../../src/dispatch/schedule/sweep.ts'
import { Failure } from '../../src/kernel/errors.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { opened } from '../support/lifetime/opened.ts'
import { call } from '../support/run/facts.ts'
import { lineWorkOn } from '../support/run/line-work.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'

const minute = 60_000

describe.each(engines)('a crash around a waiting run on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  let now: number
  let jobs: Job[]
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    key = newKey()
    now = Date.now()
    jobs = []
  })

  const queue = { add: async (job: Job) => void jobs.push(job) }
  const answersWith = (over: Partial<Parameters<typeof createAnswers>[0]> = {}) =>
    createAnswers({ ...engine, queue, ids, clock: () => now, traceparent: () => undefined, repairMs: 5000, ...over })
  const sweep = async () => {
    const deps = { intervalMs: 3_600_000, batch: 100, repairMs: 30_000, queuedMs: 60_000, waitingMs: 10 * minute }
    const sweep = opened(
      startSweep({
        ...engine,
        ...deps,
        queue,
        lineWork: lineWorkOn(engine, { queue }),
        answers: answersWith(),
        clock: () => now,
        onError: (error) => {
          throw error
        },
      }),
    )
    await sweep.once()
  }
  const dueAt = async (of = key) =>
    (await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)).find((due) => due.key.channel === of.channel)?.at
  const run = async () => (await engine.runs.find([key]))[0] as Run
  /** A parked run with a call `id` of a deadline, so many ms from now. */
  const park = async (
    deadlines: Readonly<Record<string, number>>,
    resultChannelId: ChannelKey['channel'] | null = null,
  ) => {
    await engine.runs.create(key, newRun())
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: 't', lossLimit: 5 })
    const awaits = Object.entries(deadlines).map(([id, ms]) => {
      const answer = resultChannelId === null ? 'submit' : 'channel'
      return { call: call(id, { answer, deadline: now + ms }), resultChannelId }
    })
    const events = awaits.map((each) => ({ type: 'function-result-awaited', ...each }) as const)
    await engine.runs.append(key, { claim: 'c', seq: 1, tag: 't', events, open: [], awaits })
    await engine.due.bring(key, now + Math.min(...Object.values(deadlines)))
    await engine.runs.park(key, { claim: 'c', seq: 1, seenFacts: 2 + awaits.length, lastTag: 't' })
  }
  const yes = { kind: 'completed', data: 'yes' } as const
  const down = { add: () => Promise.reject(new Failure('UNAVAILABLE', 'down')) }

  test('answered but not queued: the sweep looks within seconds, although the deadline is days away', async () => {
    await park({ a: 60 * minute })
    await expect(answersWith({ queue: down }).submit(key, 'a', yes)).rejects.toThrow('down')
    expect(await dueAt()).toBe(now + 5000)
    now += 5000
    await sweep()
    expect(jobs).toMatchObject([{ key, wake: 2 }])
  })

  test('answered but not queued: repeating the answer queues the run', async () => {
    await park({ a: 60 * minute })
    await expect(answersWith({ queue: down }).submit(key, 'a', yes)).rejects.toThrow('down')
    expect(await answersWith().submit(key, 'a', yes)).toMatchObject({ outcome: 'repeated' })
    expect(jobs).toEqual([{ key, wake: 2 }])
  })

  test('published and matched but not delivered: the sweep delivers', async () => {
    const channel = newKey()
    await park({ a: 60 * minute }, channel.channel)
    await answersWith().awaitMessage(key, 'a', channel)
    const dying = { ...engine.runs, settle: () => Promise.reject(new Failure('UNAVAILABLE', 'down')) }
    await expect(answersWith({ runs: dying }).publish(channel, { result: 1 })).rejects.toThrow('down')
    expect(await run()).toMatchObject({ status: 'waiting' })
    expect(await dueAt(channel)).toBe(now + 5000)
    now += 5000
    await sweep()
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect(jobs).toContainEqual({ key, wake: 2 })
    now += 61_000
    await sweep()
    expect(await dueAt(channel)).toBe(undefined)
  })

  // A worker that had read the pending calls before the answer came lets the answered one wait again.
  test('two equal messages answer two calls, although an answered call is in the line again', async () => {
    const channel = newKey()
    await park({ a: 60 * minute, b: 60 * minute }, channel.channel)
    const answers = answersWith()
    await answers.awaitMessage(key, 'a', channel)
    expect(await answers.publish(channel, { result: true })).toBe('published')
    await answers.awaitMessage(key, 'a', channel)
    await answers.awaitMessage(key, 'b', channel)
    expect(await answers.publish(channel, { result: true })).toBe('published')
    expect(await engine.runs.pending(key)).toEqual([])
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
  })

  test('a call that begins to wait schedules a look at its channel, in case the match is not delivered', async () => {
    const channel = newKey()
    await park({ a: 60 * minute }, channel.channel)
    await engine.results.publish(channel, { message: { result: 1 }, tag: ids.tag(), epoch: ids.nonce() })
    const dying = { ...engine.runs, settle: () => Promise.reject(new Failure('UNAVAILABLE', 'down')) }
    await expect(answersWith({ runs: dying }).awaitMessage(key, 'a', channel)).rejects.toThrow('down')
    expect(await dueAt(channel)).toBe(now + 5000)
    now += 5000
    await sweep()
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
  })

  test('a deadline that passes is that call’s error, and the run goes on', async () => {
    await park({ soon: -1, later: 60 * minute })
    await sweep()
    expect(await run()).toMatchObject({ status: 'queued', wake: 2 })
    expect(jobs).toContainEqual({ key, wake: 2 })
    expect((await engine.runs.facts(key)).slice(-2).map(({ event }) => event)).toMatchObject([
      {
        type: 'function-call-failed',
        call: { id: 'soon' },
        error: { code: 'TIMEOUT', message: 'No answer came in time.' },
      },
      { type: 'message-completed', message: { type: 'activity' } },
    ])
    expect((await engine.runs.pending(key)).map((each) => each.call.id)).toEqual(['later'])
  })

  test('a waiting run is looked at again at its deadline, and every ten minutes', async () => {
    await park({ a: 3 * minute })
    await engine.due.bring(key, now)
    await sweep()
    expect(await dueAt()).toBe(now + 3 * minute)
    key = newKey()
    await park({ a: 60 * minute })
    await engine.due.bring(key, now)
    await sweep()
    expect(await dueAt()).toBe(now + 10 * minute)
    expect(await run()).toMatchObject({ status: 'waiting' })
  })

  test('a clock that is ahead of the store’s does not end a call early, and does not look without pause', async () => {
    await park({ a: 5 * minute })
    now += 6 * minute
    await sweep()
    expect(await run()).toMatchObject({ status: 'waiting', wake: 1 })
    expect(await dueAt()).toBe(now + 5000)
  })

  test('publishing to a delayed run does not start it before its time', async () => {
    await engine.runs.create(key, newRun({ notBefore: now + 60 * minute }))
    await answersWith().publish(key, { n: 1 })
    now += 5000
    await sweep()
    expect(jobs).toEqual([])
    expect(await dueAt()).toBe(now - 5000 + 60 * minute)
  })
})
