import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { atLength } from '../../support/at-length.ts'
import { holdTimers } from '../../support/held-timers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startLoopbackProxy } from '../../support/proxy/loopback-proxy.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { allRules, createRedisUser, openAdmin } from '../../support/redis/redis-users.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startObservedService } from '../../support/service/observed-service.ts'
import { runToEnd } from '../../support/service/run-to-end.ts'
import { type ServiceOptions, startService } from '../../support/service/start-service.ts'
import { collect, dispatch, type SeenEvent, textsByDeltas, watchWebsocket } from '../../support/watching/watchers.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 90_000 })

/** How long a process waits for Redis when it starts. */
const startTimeoutMs = 10_000
const wrongPassword = /errorstat_WRONGPASS:count=(\d+)/

async function openRedis() {
  const server = await startRedis()
  const admin = await openAdmin(server.url)
  return { server, admin, user: await createRedisUser(admin) }
}

const without = (...rules: readonly string[]) => allRules.filter((rule) => !rules.includes(rule))

/** A service in this process; what it refuses to start with. */
const refusalOf = (options: ServiceOptions) =>
  startService(options).then(
    () => 'It starts.',
    (error: unknown) => String((error as Error).message),
  )

describe('a service that lacks something at its start says so in one line', () => {
  test.each([
    [
      'a command that the queue asks for at its start',
      'worker',
      without('+info'),
      '',
      'the user lacks the command INFO; ACL rule: +info.',
    ],
    [
      'a command that waits for jobs',
      'worker',
      without('+bzpopmin'),
      '',
      'the user lacks the command BZPOPMIN; ACL rule: +bzpopmin.',
    ],
    ['scripts', 'api', without('+eval'), '', 'the user lacks the command EVAL; ACL rule: +eval.'],
    ['keys', 'api', without('~bc:*'), '', 'the user lacks the keys bc:*; ACL rule: ~bc:*.'],
    ['channels', 'all', without('&bc:*'), '', 'the user lacks the channels bc:*; ACL rule: &bc:*.'],
    ['its database', 'all', [...allRules, '+select'], '/99', 'Redis has no database 99: ERR DB index is out of range.'],
    [
      'the right to choose its database',
      'all',
      allRules,
      '/3',
      'the user lacks the command SELECT; ACL rule: +select.',
    ],
  ] as const)('%s', async (_what, role, rules, path, line) => {
    const { admin } = await openRedis()
    const user = await createRedisUser(admin, rules)
    expect(await refusalOf({ role, redisUrl: `${user.url}${path}` })).toBe(`REDIS_URL: ${line}`)
    expect(await admin.dbsize()).toBe(0)
  })

  test('and its process exits with 1', async () => {
    const { admin } = await openRedis()
    const user = await createRedisUser(admin, without('+info'))
    const { code, stderr } = await runToEnd('worker', { REDIS_URL: user.url })
    expect(stderr.split('\n').filter((each) => each.startsWith('REDIS_URL'))).toEqual([
      'REDIS_URL: the user lacks the command INFO; ACL rule: +info.',
    ])
    expect(code).toBe(1)
  })

  test.each(['allkeys-lru', 'volatile-ttl'])('a Redis that evicts by %s', async (policy) => {
    const { server, admin } = await openRedis()
    await admin.config('SET', 'maxmemory-policy', policy)
    expect(await refusalOf({ redisUrl: server.url })).toBe(
      `REDIS_URL: maxmemory-policy is ${policy}, which deletes logs and jobs at will; set maxmemory-policy noeviction.`,
    )
  })

  test('a node of a Redis Cluster', async () => {
    const { url } = await startRedis({ isClusterNode: true })
    expect(await refusalOf({ redisUrl: url })).toBe(
      'REDIS_URL: this is a Redis Cluster, and a dispatch is one script on keys of several slots; turn cluster mode off.',
    )
  })

  test('a Redis that spreads its keys, and says in INFO that it does not', async () => {
    const cluster = await startRedis({ isClusterNode: true })
    const admin = await openAdmin(cluster.url)
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
    await vi.waitFor(async () => expect(String(await admin.call('CLUSTER', 'INFO'))).toContain('cluster_state:ok'))
    const { port } = await startLoopbackProxy(cluster.port, ({ client, upstream }) => {
      client.pipe(upstream)
      upstream.on('data', (piece) =>
        client.write(piece.toString('latin1').replace('cluster_enabled:1', 'cluster_enabled:0'), 'latin1'),
      )
    })
    expect(await refusalOf({ redisUrl: `redis://127.0.0.1:${port}` })).toBe(
      'REDIS_URL: this is a Redis Cluster, and a dispatch is one script on keys of several slots; turn cluster mode off.',
    )
    expect(await admin.dbsize()).toBe(0)
  })

  test('a Sentinel', async () => {
    const { url } = await startRedis({ isSentinel: true })
    expect(await refusalOf({ redisUrl: url })).toBe(
      'REDIS_URL: this is a Sentinel, which stores nothing, and Sentinels are not asked; name the address of the primary.',
    )
  })

  test('a wrong password', async () => {
    const { server, admin } = await openRedis()
    const url = server.url.replace('redis://', 'redis://nobody:wrong@')
    // It tries again for as long as a process waits for Redis at its start.
    const timers = opened(holdTimers(startTimeoutMs), (it) => it.release())
    const refusal = refusalOf({ redisUrl: url })
    await vi.waitFor(async () =>
      expect(Number((await admin.info('errorstats')).match(wrongPassword)?.[1])).toBeGreaterThan(1),
    )
    timers.runOut(startTimeoutMs)
    expect(await refusal).toBe(
      `REDIS_URL: Redis at 127.0.0.1:${server.port} refuses the connection: user or password is wrong.`,
    )
  })
})

test('a user with exactly the permissions of the docs does all of it, and Redis refuses it nothing', async () => {
  const { admin, user } = await openRedis()
  const service = await startService({ redisUrl: user.url })
  const channelId = await dispatch(service)
  expect((await collect(watchWebsocket(service, { channelId }))).at(-1)?.__typename).toBe('DispatchCompleted')
  const denied = (await admin.call('ACL', 'LOG')) as unknown[][]
  // ioredis names its connections where it may; nothing depends on it.
  expect(denied.map((entry) => entry[7]).filter((what) => !/^client/.test(String(what)))).toEqual([])
})

test('another database that is there is used, and database 0 is not', async () => {
  const { server, admin } = await openRedis()
  const service = await startService({ redisUrl: `${server.url}/7` })
  const channelId = await dispatch(service)
  await collect(watchWebsocket(service, { channelId }))
  expect(await admin.dbsize()).toBe(0)
  expect(await admin.info('keyspace')).toContain('db7:')
})

test('a database that is gone after a reconnection is waited for, and database 0 is not used', async () => {
  const { admin, user } = await openRedis()
  await user.grant('+select')
  const service = await startObservedService({ env: { REDIS_URL: `${user.url}/7` } })
  // The worker has all of its connections.
  await collect(watchWebsocket(service, { channelId: await dispatch(service) }))
  await user.grant('-select')
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal')
  await expect(dispatch(service)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await sleep(500)
  expect(await admin.dbsize()).toBe(0)
  await user.grant('+select')
  await vi.waitFor(async () => expect((await fetch(`${service.url}/ready`)).status).toBe(200), { timeout: 20_000 })
  await collect(watchWebsocket(service, { channelId: await dispatch(service) }))
  expect(await admin.dbsize()).toBe(0)
})

const words = Array.from({ length: 20 }, (_, n) => `word${n} `)

test('while the channels are taken away nothing is written in halves; afterwards a run goes on and a dispatch starts once', async () => {
  const { admin, user } = await openRedis()
  const gate = Promise.withResolvers<void>()
  const model = createScriptedModel([
    { lines: [...words.slice(0, 10), gate.promise, ...words.slice(10)] },
    { lines: words },
  ])
  const service = await startObservedService({
    providers: [scriptedProvider(model)],
    env: { REDIS_URL: user.url, DEFAULT_MODEL: 'scripted' },
  })
  const channelId = await dispatch(service)
  const seen: SeenEvent[] = []
  const watching = (async () => {
    for await (const event of watchWebsocket(service, { channelId })) seen.push(event)
  })()
  const text = () => [...textsByDeltas(seen).values()].join('')
  await vi.waitFor(() => expect(text()).toBe(words.slice(0, 10).join('')), { timeout: 20_000 })

  await user.grant('resetchannels')
  gate.resolve()
  const id = ids.channelId()
  const refused = { code: 'UNAVAILABLE', message: 'The Redis user lacks a permission.' }
  await expect(dispatch(service, { channelId: id })).rejects.toMatchObject(refused)
  await expect(dispatch(service, { channelId: id })).rejects.toMatchObject(refused)
  expect(await admin.keys(`*${id}*`)).toEqual([])
  await vi.waitFor(
    async () => {
      const response = await fetch(`${service.url}/ready`)
      expect([response.status, await response.json()]).toEqual([
        503,
        { status: 'not ready', reason: 'REDIS_URL: the user lacks the channels bc:*; ACL rule: &bc:*.' },
      ])
    },
    { timeout: 10_000 },
  )
  expect(text()).toBe(words.slice(0, 10).join(''))

  await user.grant('&bc:*')
  await watching
  expect(text()).toBe(words.join(''))
  expect(await dispatch(service, { channelId: id })).toBe(id)
  const events = await collect(watchWebsocket(service, { channelId: id }))
  expect(events.filter(({ __typename }) => __typename === 'DispatchQueued')).toHaveLength(1)
  expect(events.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(1)
  expect(events.at(-1)?.result?.text).toBe(words.join(''))
  const told = service.log.filter((line) => line.includes('the user lacks the channels'))
  expect(told).toHaveLength(1)
  expect(service.log.join('\n')).not.toContain('word3')
})

/** For how long a process is looked at once it is not ready, for lack of a permission. */
const lookMs = atLength(600, 2000)

test('a process whose user loses any permission neither spins nor floods its log, and works when it is back', async () => {
  const { admin, user } = await openRedis()
  const service = await startObservedService({ env: { REDIS_URL: user.url, LEASE_MS: '2000' } })
  // The worker has all of its connections.
  await collect(watchWebsocket(service, { channelId: await dispatch(service) }))
  for (const taken of [['+info'], ['+bzpopmin'], ['+evalsha'], ['~{bc}:*'], allRules]) {
    await user.grantOnly(without(...taken))
    // BullMQ asks for INFO once a connection.
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal')
    const [cpu, { length }, began] = [process.cpuUsage(), service.log, performance.now()]
    await vi.waitFor(async () => expect((await fetch(`${service.url}/ready`)).status, taken.join()).toBe(503))
    await sleep(lookMs)
    const [used, passedMs] = [process.cpuUsage(cpu), performance.now() - began]
    // A loop without a pause takes a whole core. New connections take their share of a short look.
    expect((used.user + used.system) / 1000, taken.join()).toBeLessThan(passedMs * atLength(0.8, 0.5))
    expect(service.log.length - length, taken.join()).toBeLessThan(passedMs / 10)
    await user.grantOnly(allRules)
    await vi.waitFor(async () => expect((await fetch(`${service.url}/ready`)).status).toBe(200), { timeout: 20_000 })
  }
  const channelId = await dispatch(service)
  expect((await collect(watchWebsocket(service, { channelId }))).at(-1)?.__typename).toBe('DispatchCompleted')
})
