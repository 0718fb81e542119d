import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { schema } from '../../../src/api/graphql/schema.ts'
import { overHttp, refusalOf } from '../../support/isolation/callers.ts'
import { type EndpointRow, endpointRows } from '../../support/isolation/isolation-endpoints.ts'
import { type SchemaRow, schemaRows } from '../../support/isolation/isolation-rows.ts'
import { thingsOf } from '../../support/isolation/isolation-things.ts'
import { startSwallowingProxy } from '../../support/proxy/swallowing-proxy.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { completeOverRest, patientStreams, type Told } from '../../support/watching/patient-streams.ts'
import { dispatch } from '../../support/watching/watchers.ts'

// A command may take five seconds, and Redis a while to come back.
vi.setConfig({ testTimeout: 90_000 })

let redis: RedisServer
let service: Service
beforeAll(async () => {
  redis = await startRedis({ appendOnly: true })
  service = await startService({
    redisUrl: redis.url,
    env: {
      // No run is taken over while Redis is away.
      LEASE_MS: '60000',
      SECRETS_KEY: 'a5'.repeat(32),
      TOKEN_SECRET: 'the-secret-that-signs-channel-tokens',
    },
  })
})
afterAll(async () => {
  await service.close()
  await redis.stop()
})

const outages = [
  {
    what: 'refuses connections',
    begin: () => redis.kill('SIGKILL'),
    end: () => redis.restart(),
    // Milliseconds, but for a busy machine; a command that is waited for takes five seconds.
    withinMs: 3000,
  },
  { what: 'hangs', begin: () => redis.kill('SIGSTOP'), end: () => redis.kill('SIGCONT'), withinMs: 15_000 },
] as const

/** Beside the rows of isolation: what reads the log of many. */
const moreRows: readonly SchemaRow[] = [
  {
    name: 'Query.dispatches (messages)',
    query: '{ dispatches(first: 5) { edges { node { messages { text } pendingCalls { id } } } } }',
    variables: async () => ({}),
  },
]
const operations = [...schemaRows, ...moreRows].filter(({ name }) => !name.startsWith('Subscription.'))

/** They read nothing of Redis. */
const independent = ['Query.models', 'Mutation.createChannelToken']

interface Answer {
  readonly name: string
  readonly answer: unknown
  readonly tookMs: number
}

async function timed(name: string, ask: () => Promise<unknown>): Promise<Answer> {
  const askedAt = performance.now()
  const answer = await ask()
  return { name, answer, tookMs: performance.now() - askedAt }
}

/** Everything that the calls are about is made while Redis is there. */
async function prepared() {
  const things = thingsOf(service.url, 'any')
  const asks: (() => Promise<Answer>)[] = []
  for (const { name, query, variables: make } of operations) {
    const variables = await make(things)
    asks.push(() => timed(name, async () => refusalOf(await overHttp(service.url, { query, variables }))))
  }
  for (const row of endpointRows.filter(({ name }) => !name.endsWith('/subscribe'))) {
    const parameters = await row.parameters(things)
    asks.push(() => timed(row.name, () => askEndpoint(row, parameters)))
  }
  return asks
}

async function askEndpoint({ name, body }: EndpointRow, parameters: Readonly<Record<string, string>>) {
  const [method = '', template = ''] = name.split(' ')
  const path = template.replaceAll(/\{(\w+)\}/g, (_match, parameter: string) => parameters[parameter] ?? '')
  const response = await fetch(`${service.url}/v1${path}`, {
    method: method.toUpperCase(),
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body()) }),
  })
  const { code } = (await response.json()) as { code: string }
  return [response.status, code, response.headers.get('retry-after')]
}

const unavailable = (name: string) => {
  if (independent.includes(name)) return []
  return name.includes('/') ? [503, 'SERVICE_UNAVAILABLE', '5'] : ['UNAVAILABLE']
}

test('every query and every mutation is asked', () => {
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  )
  expect(new Set(operations.map(({ name }) => name.replace(/ \(.*/, '')))).toEqual(new Set(fields))
})

describe.each(outages)('while Redis $what', ({ begin, end, withinMs }) => {
  test('queries, mutations and endpoints are UNAVAILABLE; subscriptions wait, and go on when it is back', async () => {
    const asks = await prepared()
    const model = 'demo/delayMs=20/words=200'
    const channelId = await dispatch(service, { model })
    const talking: Promise<void>[] = []
    const spoken = () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      talking.push(promise)
      return resolve
    }
    const streams = Object.entries(patientStreams)
    const before = streams.map(([name, watch]) => [name, watch(service, channelId, spoken())] as const)
    const completed = completeOverRest(service, { model }, spoken())
    await Promise.all(talking)

    await begin()
    const during = streams.map(([name, watch]) => [name, watch(service, channelId, () => {})] as const)
    const answers = await Promise.all(asks.map((ask) => ask()))
    // Some tries to connect later: by now all streams have been asked for, and wait.
    await sleep(1500)
    await end()

    expect(answers.map(({ name, answer }) => [name, answer])).toEqual(
      answers.map(({ name }) => [name, unavailable(name)]),
    )
    expect(answers.filter(({ tookMs }) => tookMs > withinMs)).toEqual([])
    const after = new Map(
      await Promise.all(
        streams.map(async ([name, watch]) => [name, await watch(service, channelId, () => {})] as const),
      ),
    )
    const text = after.get('channelEvents over WebSocket')?.result
    expect(text?.length).toBeGreaterThan(1000)
    const settle = async (watching: readonly (readonly [string, Promise<Told>])[]) =>
      Promise.all(watching.map(async ([name, told]) => [name, await told] as const))
    for (const [name, told] of [...(await settle(before)), ...(await settle(during))]) {
      expect([name, told]).toEqual([name, { ...after.get(name), text, result: text }])
    }
    const completion = await completed
    expect(completion.text.length).toBeGreaterThan(1000)
    expect(completion.result).toBe(completion.text)
  })
})

test('a Redis that is gone without a word is left for the one at its address: requests and subscriptions go on', async () => {
  const proxy = await startSwallowingProxy(redis.port)
  const place = await startService({ redisUrl: `redis://127.0.0.1:${proxy.port}`, env: { LEASE_MS: '60000' } })
  const channelId = await dispatch(place, { model: 'demo/delayMs=20/words=200' })
  const talking: Promise<void>[] = []
  const watching = Object.entries(patientStreams).map(([name, watch]) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    talking.push(promise)
    return [name, watch(place, channelId, resolve)] as const
  })
  await Promise.all(talking)
  await proxy.swallow(() => true)
  const query = `{ dispatch(channelId: "${channelId}") { status messages { text } } }`
  const ask = async () => refusalOf(await overHttp(place.url, { query }))
  expect(await ask()).toEqual(['UNAVAILABLE'])
  proxy.heal()

  await vi.waitFor(async () => expect(await ask()).toEqual([]), { timeout: 20_000 })
  const whole = await patientStreams['channelEvents over WebSocket']?.(place, channelId, () => {})
  expect(whole?.text.length).toBeGreaterThan(1000)
  for (const [name, told] of watching) {
    const { text, result } = await told
    expect([name, text, result]).toEqual([name, whole?.text, whole?.text])
  }
  await place.close()
  await proxy.close()
})
