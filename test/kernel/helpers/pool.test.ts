import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { OutOfBudget } from '../../../src/kernel/helpers/budget.ts'
import { startHelper } from '../../../src/kernel/helpers/helper.ts'
import { createHelperPool } from '../../../src/kernel/helpers/pool.ts'
import type { News } from '../../../src/kernel/news.ts'
import { opened } from '../../support/lifetime/opened.ts'

const entry = new URL('./stand-in.ts', import.meta.url)

function createPool({ graceMs = 1000 } = {}) {
  const news: News[] = []
  let started = 0
  const pool = opened(
    createHelperPool({
      start: () => {
        started += 1
        return startHelper({ entry, memoryMb: 64, graceMs })
      },
      tell: (each) => void news.push(each),
      places: 1,
      perAccount: 1,
      waiting: 3,
    }),
  )
  const run = (name: string, input: unknown, ms = 10_000, account = 'acme') =>
    pool.run(name, input, { account, budget: { leftMs: ms } })
  const outcomes = () => news.map((each) => (each.type === 'job-done' ? each.outcome : each.type))
  return { pool, run, outcomes, started: () => started }
}

const outOf = (what: OutOfBudget['what']) => expect.objectContaining({ constructor: OutOfBudget, what })

describe('a job', () => {
  test('has a value, a failure for its caller, or a defect; the process serves the next one', async () => {
    const { pool, run, outcomes, started } = createPool()
    expect(await run('double', 21)).toBe(42)
    await expect(run('fail', 'not so')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: 'not so' })
    await expect(run('break', null)).rejects.toThrow('a defect')
    const parts = { account: 'acme', budget: { leftMs: 1000 }, parts: [2, 3] }
    expect(await pool.run('add-parts', 1, parts)).toBe(6)
    expect(await run('add-parts', 1)).toBe(1)
    expect([outcomes(), started()]).toEqual([['done', 'failure', 'defect', 'done', 'done'], 1])
  })

  test('sees nothing of the environment, so no credentials', async () => {
    expect(await createPool().run('read-environment', null)).toEqual([])
  })

  test('that takes too long is interrupted, and its process lives on', async () => {
    const { run, outcomes, started } = createPool({ graceMs: 30_000 })
    await expect(run('spend-time', 60_000, 50)).rejects.toEqual(outOf('time'))
    await expect(run('wait-long', 60_000, 50)).rejects.toEqual(outOf('time'))
    expect(await run('double', 1)).toBe(2)
    expect([outcomes(), started()]).toEqual([['out-of-time', 'out-of-time', 'done'], 1])
  })

  test('that nothing in its process can interrupt is killed with it', async () => {
    const { run, outcomes } = createPool()
    await expect(run('sit-still', 4, 500)).rejects.toEqual(outOf('time'))
    expect(await run('double', 1)).toBe(2)
    expect(outcomes()).toEqual(['killed', 'done'])
  })

  test('that takes too much memory ends its process and not this one', async () => {
    const { run, outcomes, started } = createPool()
    await expect(run('take-memory', 500)).rejects.toEqual(outOf('memory'))
    expect(await run('double', 1)).toBe(2)
    expect([outcomes(), started()]).toEqual([['died', 'done'], 2])
  })

  test('that needs too deep a stack is ended alone, and its process lives on', async () => {
    const { run, outcomes, started } = createPool({ graceMs: 30_000 })
    expect(await run('go-deep', 100)).toBe(100)
    await expect(run('go-deep', 1_000_000)).rejects.toEqual(outOf('memory'))
    expect([outcomes(), started()]).toEqual([['done', 'out-of-memory'], 1])
  })

  test('does not suffer from what another one has left in memory', async () => {
    const { run, started } = createPool()
    await run('keep-memory', 40)
    expect(await run('take-memory', 40)).toBe(40)
    expect(started()).toBe(2)
  })

  test('shares its budget with the others of its request', async () => {
    const { pool, outcomes } = createPool()
    const asking = { account: 'acme', budget: { leftMs: 300 } }
    await pool.run('spend-time', 100, asking)
    expect(asking.budget.leftMs).toBeLessThanOrEqual(200)
    await expect(pool.run('spend-time', 60_000, asking)).rejects.toEqual(outOf('time'))
    await expect(pool.run('double', 1, asking)).rejects.toEqual(outOf('time'))
    expect(outcomes()).toEqual(['done', 'out-of-time'])
  })

  test('does not keep this process from its other work', async () => {
    const { run } = createPool()
    await run('double', 1)
    const working = run('spend-time', 300)
    let turns = 0
    for (let done = false; !done; turns++) done = (await Promise.race([working, sleep(1)])) === 'spent'
    expect(turns).toBeGreaterThan(20)
  })

  test('is no longer waited for once nobody wants its value', async () => {
    const { pool, run } = createPool()
    const abort = new AbortController()
    const asking = { account: 'acme', budget: { leftMs: 10_000 }, signal: abort.signal }
    const working = pool.run('wait-long', 600, asking)
    abort.abort(new Error('enough'))
    await expect(working).rejects.toThrow('enough')
    await expect(pool.run('double', 1, asking)).rejects.toThrow('enough')
    expect(await run('double', 1)).toBe(2)
  })
})

test('an account with too much work waiting is told so', async () => {
  const { run } = createPool()
  const all = Array.from({ length: 5 }, () => run('double', 1))
  await expect(all[4]).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', retryAfterSeconds: 1 })
  expect(await Promise.all(all.slice(0, 4))).toEqual([2, 2, 2, 2])
})

test('closing ends the processes, and says so to whoever waits', async () => {
  const { pool, run } = createPool()
  const pid = (await run('name-process', null)) as number
  const working = run('spend-time', 60_000)
  const waiting = run('double', 1)
  await sleep(20)
  pool.close()
  await expect(working).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect.poll(() => isRunning(pid)).toBe(false)
})

test('a helper that is at work ends with its job when the process that started it is killed', async () => {
  const starter = opened(fork(new URL('./starter.ts', import.meta.url)), (it) => it.kill('SIGKILL'))
  const [pid] = (await once(starter, 'message')) as [number]
  expect(isRunning(pid)).toBe(true)
  starter.kill('SIGKILL')
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false)
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
