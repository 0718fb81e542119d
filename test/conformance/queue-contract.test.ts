import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import { newKey } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

describe.each(engines)('the queue on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open({ leaseMs: 1000, runningDispatches: 0 })
  })

  test('passes each job to the handler, whether job or handler came first', async () => {
    const before = { key: newKey(), wake: 1 }
    const after = { key: newKey(), wake: 7 }
    const seen: Job[] = []
    await engine.queue.add(before)
    engine.consume(async (job) => {
      seen.push(job)
      return 'done'
    }, 1)
    await engine.queue.add(after)
    await vi.waitFor(() => expect(seen).toEqual([before, after]), { timeout: 5000 })
  })

  test('ignores a job that is waiting or running, and accepts it again once it is done', async () => {
    const job = { key: newKey(), wake: 1 }
    const gate = Promise.withResolvers<void>()
    let runs = 0
    await engine.queue.add(job)
    await engine.queue.add(job)
    engine.consume(async () => {
      runs += 1
      await gate.promise
      return 'done'
    }, 4)
    await vi.waitFor(() => expect(runs).toBe(1))
    await engine.queue.add(job)
    const other = { key: newKey(), wake: 1 }
    await engine.queue.add(other)
    await vi.waitFor(() => expect(runs).toBe(2))
    gate.resolve()
    await vi.waitFor(async () => {
      await engine.queue.add(job)
      // Each try of ours that comes after a job is done adds another one.
      expect(runs).toBeGreaterThanOrEqual(3)
    })
  })

  test('runs at most the configured number of jobs at once', async () => {
    const gate = Promise.withResolvers<void>()
    let inHand = 0
    let most = 0
    let done = 0
    const own = Array.from({ length: 8 }, () => ({ key: newKey(), wake: 1 }))
    engine.consume(async ({ key }) => {
      // The test before may have left a job.
      if (!own.some((job) => job.key.channel === key.channel)) return 'done'
      inHand += 1
      most = Math.max(most, inHand)
      await gate.promise
      inHand -= 1
      done += 1
      return 'done'
    }, 3)
    await Promise.all(own.map((job) => engine.queue.add(job)))
    await vi.waitFor(() => expect(inHand).toBe(3))
    gate.resolve()
    await vi.waitFor(() => expect(done).toBe(8))
    expect(most).toBe(3)
  })

  test('repeats a job whose handler threw', async () => {
    let tries = 0
    engine.consume(async () => {
      tries += 1
      if (tries === 1) throw new Error('once')
      return 'done'
    }, 1)
    await engine.queue.add({ key: newKey(), wake: 1 })
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 10_000 })
  })

  test('repeats a dropped job', async () => {
    let tries = 0
    engine.consume(async () => {
      tries += 1
      return tries === 1 ? 'dropped' : 'done'
    }, 1)
    await engine.queue.add({ key: newKey(), wake: 1 })
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 10_000 })
  })

  test('draining takes no further job and leaves those in hand alone', async () => {
    const inHand = Promise.withResolvers<AbortSignal>()
    const over = Promise.withResolvers<'done'>()
    const draining = engine.consume(async (_job, signal) => {
      inHand.resolve(signal)
      return over.promise
    }, 10)
    await engine.queue.add({ key: newKey(), wake: 1 })
    const signal = await inHand.promise
    draining.drain()
    const second = { key: newKey(), wake: 1 }
    const taken = Promise.withResolvers<Job>()
    await engine.queue.add(second)
    engine.consume(async (job) => {
      taken.resolve(job)
      return 'done'
    }, 10)
    expect(await taken.promise).toEqual(second)
    expect(signal.aborted).toBe(false)
    over.resolve('done')
  })

  test('closing lets running jobs finish within the grace period', async () => {
    const patient = await open({ shutdownGraceMs: 60_000 })
    const inHand = Promise.withResolvers<AbortSignal>()
    const over = Promise.withResolvers<'done'>()
    const consumer = patient.consume(async (_job, signal) => {
      inHand.resolve(signal)
      return over.promise
    }, 1)
    await patient.queue.add({ key: newKey(), wake: 1 })
    const signal = await inHand.promise
    const closed = Promise.all([consumer.close(), consumer.close()])
    await patient.queue.add({ key: newKey(), wake: 1 })
    over.resolve('done')
    await closed
    expect(signal.aborted).toBe(false)
  })

  test('closing aborts running jobs with `closing` and waits for them; handed-back jobs go to the next worker', async () => {
    const job = { key: newKey(), wake: 1 }
    const inHand = Promise.withResolvers<void>()
    const order: string[] = []
    const consumer = engine.consume(async (_job, signal) => {
      inHand.resolve()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      order.push(`aborted: ${signal.reason}`)
      return 'handed-back'
    }, 1)
    await engine.queue.add(job)
    await inHand.promise
    await consumer.close()
    order.push('closed')
    const next = Promise.withResolvers<Job>()
    engine.consume(async (again) => {
      next.resolve(again)
      return 'done'
    }, 1)
    expect(await next.promise).toEqual(job)
    expect(order).toEqual(['aborted: closing', 'closed'])
  })
})
