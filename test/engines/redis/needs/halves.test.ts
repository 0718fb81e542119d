import { globSync } from 'node:fs'
import { basename } from 'node:path'
import type { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { connectRedis } from '../../../../src/engines/redis/connection.ts'
import { root } from '../../../house/imports.ts'
import { atLength } from '../../../support/at-length.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { allRules, createRedisUser, openAdmin } from '../../../support/redis/redis-users.ts'
import { scriptSteps } from './script-steps.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 120_000 })

/** In the suite, each script is tried without every third permission, and the next script without the next third. */
const everyNth = atLength(3, 1)

/** All that is stored, and whether it expires. */
async function stored(admin: Redis) {
  const names = (await admin.keys('*')).sort()
  return Promise.all(
    names.map(async (name) => [name, await admin.dumpBuffer(name), (await admin.pttl(name)) > 0] as const),
  )
}

async function openPlace() {
  const server = await startRedis()
  const admin = await openAdmin(server.url)
  const user = await createRedisUser(admin)
  const connection = await connectRedis({ url: user.url, name: 'test', patience: 'impatient', onError: () => {} })
  return { admin, user, steps: scriptSteps(opened(connection, (it) => it.disconnect())) }
}

/** What is needed only by a second step, which others repeat. */
const later: Readonly<Record<string, readonly string[]>> = {
  // The account's list of conversations loses what is gone when somebody reads it, too.
  'remove a line': ['+zscore', '+lrange'],
}

const refused = { code: 'UNAVAILABLE', message: 'The Redis user lacks a permission.' }

test('a script that publishes writes nothing while the channels are taken away, and works when they are back', async () => {
  const { admin, user, steps } = await openPlace()
  const publishing = steps.filter(({ publishes }) => publishes)
  expect(publishing.length).toBeGreaterThan(8)
  for (const { name, prepare, call } of publishing) {
    await admin.flushall()
    await prepare()
    const before = await stored(admin)
    await user.grant('resetchannels')
    await expect(call(), name).rejects.toMatchObject(refused)
    expect(await stored(admin), name).toEqual(before)
    await user.grant('&bc:*')
    await call()
    expect(await stored(admin), name).not.toEqual(before)
  }
})

test('a script writes all or nothing, whichever permission is taken away', async () => {
  const { admin, user, steps } = await openPlace()
  let refusals = 0
  for (const [n, { name, prepare, call }] of steps.entries()) {
    await admin.flushall()
    await prepare()
    await call()
    const whole = namesIn(await stored(admin))
    // `acquire` announces the account when its script has put the job in line; a job that fails comes again and repeats both.
    const rules = allRules.filter(
      (rule, m) => !later[name]?.includes(rule) && rule !== '+sadd' && (n + m) % everyNth === 0,
    )
    for (const rule of rules) {
      const what = `${name} without ${rule}`
      await admin.flushall()
      await prepare()
      const before = await stored(admin)
      await user.grantOnly(allRules.filter((each) => each !== rule))
      const error = await call().then(() => null, identity)
      if (error === null) expect(namesIn(await stored(admin)), what).toEqual(whole)
      else {
        expect(error, what).toMatchObject(refused)
        expect(await stored(admin), what).toEqual(before)
        refusals += 1
      }
      await user.grantOnly(allRules)
    }
  }
  expect(refusals).toBeGreaterThan(200 / everyNth)
})

const namesIn = (all: Awaited<ReturnType<typeof stored>>) => all.map(([name]) => name)
const identity = (thrown: unknown) => thrown

test('every script that writes is among those', async () => {
  const { admin, steps } = await openPlace()
  const texts = new Set<string>()
  const monitor = opened(await admin.monitor(), (it) => it.disconnect())
  // A server gets the text of a script once, and its hash from then on.
  monitor.on('monitor', (_time: string, [command = '', script = '']: readonly string[]) => {
    if (command.toLowerCase() === 'eval') texts.add(script)
  })
  for (const { prepare, call } of steps) {
    await admin.flushall()
    await prepare()
    await call()
  }
  const included = [
    'ledger.lua',
    'fair.lua',
    'used-today.lua',
    'standing.lua',
    'line.lua',
    'transcript.lua',
    'append.lua',
    'tell.lua',
    'run-fields.lua',
    'facts-page.lua',
    'result-fields.lua',
    'resource-keys.lua',
  ]
  const reading = [
    ...['read.lua', 'find.lua', 'facts.lua', 'page-records.lua', 'denied.lua', 'backlog.lua'],
    'read-used-today.lua',
    'read-standing.lua',
  ]
  const files = globSync('src/engines/redis/**/*.lua', { cwd: root }).map((file) => basename(file))
  const writing = files.filter((file) => !included.includes(file) && !reading.includes(file))
  // One more stands in due-list.ts, and append-run.lua is two: run-scripts.ts.
  await vi.waitFor(() => expect(texts.size).toBe(writing.length + 2))
})
