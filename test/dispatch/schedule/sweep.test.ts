import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAnswers } from '../../../src/dispatch/answer.ts'
import type { Job } from '../../../src/dispatch/schedule/queue.ts'
import { type SweepDeps, startSweep } from '../../../src/dispatch/schedule/sweep.ts'
import type { ChannelKey } from '../../../src/kernel/ids.ts'
import { type Engine, engines } from '../../conformance/engines.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { lineWorkOn } from '../../support/run/line-work.ts'
import { ids, newKey, newRun, startRun } from '../../support/run/runs.ts'

describe.each(engines)('the sweep on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  let jobs: Job[]
  const now = 1_000_000
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(async () => {
    key = newKey()
    jobs = []
    for (const entry of await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)) await engine.due.drop(entry)
  })

  const queue = { add: async (job: Job) => void jobs.push(job) }
  const sweep = async (over: Partial<SweepDeps> = {}) => {
    const answers = createAnswers({
      ...engine,
      queue,
      ids,
      clock: () => now,
      traceparent: () => undefined,
      repairMs: 5_000,
    })
    const running = opened(
      startSweep({
        ...engine,
        queue,
        lineWork: lineWorkOn(engine, { queue }),
        answers,
        clock: () => now,
        onError: () => {},
        intervalMs: 3_600_000,
        batch: 100,
        repairMs: 30_000,
        queuedMs: 60_000,
        waitingMs: 600_000,
        ...over,
      }),
    )
    await running.once()
  }
  const dueAt = async () =>
    (await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)).find((entry) => entry.key.channel === key.channel)?.at
  /** Something happens between the sweep's look at the list and what it does about this run. */
  const meanwhile = (happens: () => Promise<unknown>): SweepDeps['answers'] => {
    const answers = createAnswers({
      ...engine,
      queue,
      ids,
      clock: () => now,
      traceparent: () => undefined,
      repairMs: 5_000,
    })
    return {
      ...answers,
      redeliver: async (channel) => {
        await happens()
        await answers.redeliver(channel)
      },
    }
  }

  test('drops the entry of an ended run and of a channel without a run', async () => {
    await (await startRun(engine.runs, key, { lookAt: now })).finish()
    await engine.due.bring(newKey(), now)
    await sweep()
    expect(await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)).toEqual([])
    expect(jobs).toEqual([])
  })

  test('lets go of what an ended run shares and compacts its log before it drops the entry, and of nothing else', async () => {
    const gone: string[] = []
    const noted =
      (step: string) =>
      async ({ channel }: ChannelKey) => {
        expect(await dueAt()).toBeDefined()
        gone.push(`${step} ${channel}`)
      }
    const [letGo, compact] = [noted('let go'), noted('compact')]
    const lives = newKey()
    await startRun(engine.runs, lives, { lookAt: now })
    await (await startRun(engine.runs, key, { lookAt: now })).finish()
    await sweep({ runs: { ...engine.runs, letGo, compact } })
    expect(gone).toEqual([`let go ${key.channel}`, `compact ${key.channel}`])
    expect(await dueAt()).toBe(undefined)
  })

  // The store has lost its last writes: a run that had ended goes on.
  test('keeps the entry of a run whose ending is lost between the look and the drop', async () => {
    const writer = await startRun(engine.runs, key, { lookAt: now })
    const [before] = await engine.runs.find([key])
    await writer.finish()
    let looks = 0
    const find: SweepDeps['runs']['find'] = async (keys) => {
      looks += 1
      return looks === 1 ? engine.runs.find(keys) : [before ?? null]
    }
    await sweep({ runs: { ...engine.runs, find } })
    expect(looks).toBe(2)
    expect(await dueAt()).toBe(now + 30_000)
  })

  // … and its entry is as it was a while ago: what was put off is not.
  test('keeps an entry that changed after the look', async () => {
    await (await startRun(engine.runs, key, { lookAt: now })).finish()
    await sweep({ answers: meanwhile(() => engine.due.bring(key, now - 1)) })
    expect(await dueAt()).toBe(now - 1)
  })

  test('does not postpone an entry that moved forward since its look, nor queues a run twice', async () => {
    await engine.runs.create(key, newRun({ createdAt: now, lookAt: now }))
    await sweep({ answers: meanwhile(() => engine.due.bring(key, now - 1)) })
    expect(await dueAt()).toBe(now - 1)
    expect(jobs).toEqual([])
    await sweep()
    expect(await dueAt()).toBe(now + 30_000)
    expect(jobs).toEqual([{ key, wake: 1 }])
  })

  test('looks less and less often at a run that waits in a long queue, but at least once a minute', async () => {
    for (const [queuedForMs, nextMs] of [
      [10_000, 30_000],
      [45_000, 45_000],
      [900_000, 60_000],
    ] as const) {
      key = newKey()
      await engine.runs.create(key, newRun({ createdAt: now - queuedForMs, lookAt: now }))
      await sweep()
      expect(await dueAt()).toBe(now + nextMs)
    }
    // One that is running may have lost its worker and its job.
    key = newKey()
    await startRun(engine.runs, key, { createdAt: now - 900_000, lookAt: now })
    await sweep()
    expect(await dueAt()).toBe(now + 30_000)
  })

  test('a run and its entry are written atomically, so no store has one without the other', async () => {
    await engine.runs.create(key, newRun({ lookAt: now }))
    expect(await dueAt()).toBe(now)
    expect((await engine.index.page(key.account, null, 1000)).map(({ channel }) => channel)).toContain(key.channel)
    // Sent again, it neither moves the entry nor begins anew.
    await engine.runs.create(key, newRun({ lookAt: now - 500 }))
    expect(await dueAt()).toBe(now)
  })
})
