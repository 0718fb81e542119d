import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { bounds } from '../../../../src/config/bounds.ts'
import { readConfig } from '../../../../src/config/config.ts'
import { openRedisEngine } from '../../../../src/engines/redis/engine.ts'
import { examineRedis } from '../../../../src/engines/redis/examine.ts'
import { createFormTaker, type Form, findFormProblem, ownForm } from '../../../../src/engines/redis/needs/form.ts'
import { watchNeeds } from '../../../../src/engines/redis/needs/watch-needs.ts'
import { createLifecycle } from '../../../../src/kernel/lifecycle.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { openAdmin } from '../../../support/redis/redis-users.ts'

/** Checks are at most one a second. */
const patience = { timeout: 10_000 }
const takeForm = (redis: Redis, form: Form) => createFormTaker(redis, form)()
/** As a worker of the service opens it; closed with the test, also where it cannot be opened. */
async function open(url: string) {
  const lifecycle = opened(createLifecycle(() => {}))
  const config = readConfig({ REDIS_URL: url, SHUTDOWN_GRACE_MS: '0' }, 'worker')
  const options = { config, role: 'worker', logLimits: bounds.log, clock: Date.now, lifecycle } as const
  return { engine: await openRedisEngine(url, { ...options, onError: () => {} }), lifecycle }
}
const formOf = (redis: Redis) => redis.hgetall('bc:form')
const line = `a newer release has written here (form 7 of the data; this release reads up to ${ownForm.written}); start that release`

test('the first process writes the form of the data; a newer release raises it; nobody lowers it', async () => {
  const { url } = await startRedis()
  const redis = await openAdmin(url)
  await open(url)
  expect(await formOf(redis)).toEqual({ written: '1', readableBy: '1' })
  expect(await takeForm(redis, { written: 3, readableBy: 1 })).toBe(null)
  expect(await takeForm(redis, { written: 2, readableBy: 2 })).toBe(null)
  expect(await formOf(redis)).toEqual({ written: '3', readableBy: '2' })
})

test('a release that can work beside a newer one starts, and leaves the form alone', async () => {
  const { url } = await startRedis()
  const redis = await openAdmin(url)
  await takeForm(redis, { written: ownForm.written + 5, readableBy: ownForm.written })
  const before = await formOf(redis)
  await open(url)
  expect(await formOf(redis)).toEqual(before)
})

test('a release that would misread the data is refused in one line, also by doctor, and writes nothing', async () => {
  const { url } = await startRedis()
  const redis = await openAdmin(url)
  await takeForm(redis, { written: 7, readableBy: ownForm.written + 1 })
  await expect(open(url)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: `REDIS_URL: ${line}.`,
  })
  expect((await examineRedis(url)).problems).toEqual([line])
  expect(await redis.keys('*')).toEqual(['bc:form'])
  expect(await formOf(redis)).toEqual({ written: '7', readableBy: String(ownForm.written + 1) })
})

test('a process that has become too old says so once, is not ready, and is told to take nothing more', async () => {
  const redis = await openAdmin((await startRedis()).url)
  const errors: unknown[] = []
  let outdated = 0
  const watch = watchNeeds(redis, { onError: (error) => errors.push(error), onOutdated: () => (outdated += 1) })
  try {
    await watch.current()
    expect(outdated).toBe(0)
    await takeForm(redis, { written: 7, readableBy: ownForm.written + 1 })
    await expect.poll(() => watch.current().then(String, String), patience).toContain(line)
    await expect(watch.current()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(errors).toHaveLength(1)
    expect(outdated).toBeGreaterThan(0)
  } finally {
    watch.close()
  }
})

test('a Redis that has lost everything is told the form again', async () => {
  const redis = await openAdmin((await startRedis()).url)
  const watch = watchNeeds(redis, { onError: () => {}, onOutdated: () => {} })
  try {
    await redis.flushall()
    await expect.poll(() => watch.current().then(() => findFormProblem(redis)), patience).toBe(null)
    await expect.poll(() => formOf(redis), patience).toEqual({ written: '1', readableBy: '1' })
  } finally {
    watch.close()
  }
})

test('a worker that has become too old drains: it offers no place any more', async () => {
  const { url } = await startRedis()
  const { engine, lifecycle } = await open(url)
  const consumer = engine.consume(async () => 'done', 3)
  lifecycle.onClose(() => consumer.close())
  await expect.poll(() => engine.backlog().then(({ places }) => places), patience).toBe(3)
  await takeForm(await openAdmin(url), { written: 7, readableBy: ownForm.written + 1 })
  await expect.poll(() => engine.readiness().then(String, String), patience).toContain(line)
  await expect.poll(() => engine.backlog().then(({ places }) => places), patience).toBe(0)
})
