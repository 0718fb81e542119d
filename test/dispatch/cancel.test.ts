import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createFollower, type Follower } from '../../src/channel/follow.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import { createCancelDispatch } from '../../src/dispatch/cancel.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createFaultyLog, type FaultyLog } from '../support/redis/faulty-log.ts'
import { lineWorkOn } from '../support/run/line-work.ts'
import { ids, newKey, newRun, startRun } from '../support/run/runs.ts'

describe.each(engines)('cancelling on %s', (_name, open) => {
  let engine: Engine
  let log: FaultyLog
  let follower: Follower
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    log = createFaultyLog(engine.log)
    follower = createFollower(log, { headCheckMs: 20, onError: () => {} })
  })
  afterEach(() => {
    follower.close()
    expect(log.watching).toBe(0)
  })

  const cancel = (key: ReturnType<typeof newKey>, patienceMs: number) =>
    createCancelDispatch({ runs: engine.runs, lineWork: lineWorkOn(engine), follower, ids, patienceMs })(key, 'enough')

  test('ends a queued run at once; again, it answers the same', async () => {
    const key = newKey()
    await engine.runs.create(key, newRun())
    const run = await cancel(key, 3_600_000)
    expect(run).toMatchObject({ status: 'cancelled' })
    expect(await cancel(key, 3_600_000)).toEqual(run)
  })

  test('waits until the worker of a running run ends it', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const cancelling = cancel(key, 3_600_000)
    const reply = await (async function untilAsked(): Promise<unknown> {
      const reply = await writer.say('x')
      return reply.outcome === 'applied' && reply.cancelled !== null ? reply : untilAsked()
    })()
    expect(reply).toMatchObject({ cancelled: { reason: 'enough' } })
    await writer.append({ type: 'dispatch-cancelled', reason: 'enough', usage: noUsage })
    expect(await cancelling).toMatchObject({ status: 'cancelled' })
  })

  test('an earlier ending stays', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    log.faults.beforeWatch = () => writer.finish()
    expect(await cancel(key, 3_600_000)).toMatchObject({ status: 'completed' })
  })

  test('ends the run of an unresponsive worker, which can then write nothing more', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    expect(await cancel(key, 30)).toMatchObject({ status: 'cancelled' })
    expect(await writer.say('zombie')).toEqual({ outcome: 'fenced' })
  })

  test('ends the run in time although its log cannot be read', async () => {
    const key = newKey()
    await startRun(engine.runs, key)
    const away = Promise.withResolvers<void>()
    log.faults.beforeRead = () => away.promise
    expect(await cancel(key, 10)).toMatchObject({ status: 'cancelled' })
    away.resolve()
    await vi.waitFor(() => expect(log.watching).toBe(0))
  })

  test('finds nothing for an unknown run', async () => {
    expect(await cancel(newKey(), 30)).toBeNull()
  })
})
