import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { schema } from '../../../src/api/graphql/schema.ts'
import { createDemoProvider } from '../../../src/models/demo/provider.ts'
import { holdTimers } from '../../support/held-timers.ts'
import { overHttp, refusalOf } from '../../support/isolation/callers.ts'
import { aiSdkRows } from '../../support/isolation/isolation-ai-sdk.ts'
import { type EndpointRow, endpointRows } from '../../support/isolation/isolation-endpoints.ts'
import { type SchemaRow, schemaRows } from '../../support/isolation/isolation-rows.ts'
import { thingsOf } from '../../support/isolation/isolation-things.ts'
import { startSwallowingProxy } from '../../support/proxy/swallowing-proxy.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { interruptedProvider, interruptedText, newOutage } from '../../support/run/interrupted-model.ts'
import { type ObservedService, startObservedService } from '../../support/service/observed-service.ts'
import { completeOverRest, patientStreams, type Told } from '../../support/watching/patient-streams.ts'
import { dispatch } from '../../support/watching/watchers.ts'

vi.setConfig({ testTimeout: 180_000 })

/** How long a request waits for Redis, at most, in milliseconds. */
const commandTimeoutMs = 5000

let redis: RedisServer
let service: ObservedService
let outage = newOutage()
const providers = [createDemoProvider({ sleep }), interruptedProvider(() => outage)]
beforeEach(() => {
  outage = newOutage()
})
beforeAll(async () => {
  redis = await startRedis({ appendOnly: true })
  service = await startObservedService({
    providers,
    env: {
      REDIS_URL: redis.url,
      // No run is taken over while Redis is away.
      LEASE_MS: '600000',
      SECRETS_KEY: 'a5'.repeat(32),
      TOKEN_SECRET: 'the-secret-that-signs-channel-tokens',
    },
  })
})

const outages = [
  {
    what: 'refuses connections',
    begin: () => redis.kill('SIGKILL'),
    end: () => redis.restart(),
    // No request waits for a command to time out.
    runsOutMs: 0,
  },
  {
    what: 'hangs',
    begin: () => redis.kill('SIGSTOP'),
    end: () => redis.kill('SIGCONT'),
    // Each command times out, and no request waits for anything longer.
    runsOutMs: commandTimeoutMs,
  },
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
}

/** Everything that the calls are about is made while Redis is there. */
async function prepared() {
  const things = thingsOf(service.url, 'any')
  const asks: (() => Promise<Answer>)[] = []
  for (const { name, query, variables: make } of operations) {
    const variables = await make(things)
    asks.push(async () => ({ name, answer: refusalOf(await overHttp(service.url, { query, variables })) }))
  }
  for (const row of endpointRows.filter(({ name }) => !name.endsWith('/subscribe'))) {
    const parameters = await row.parameters(things)
    asks.push(async () => ({ name: row.name, answer: await askEndpoint(row, parameters) }))
  }
  for (const row of aiSdkRows) {
    const parameters = await row.parameters(things)
    asks.push(async () => {
      const response = await request('', row, parameters)
      const isText = /^[A-Z].+\.$/.test(await response.text())
      return { name: row.name, answer: [response.status, isText, response.headers.get('retry-after')] }
    })
  }
  return asks
}

async function askEndpoint(row: EndpointRow, parameters: Readonly<Record<string, string>>) {
  const response = await request('/v1', row, parameters)
  const { code } = (await response.json()) as { code: string }
  return [response.status, code, response.headers.get('retry-after')]
}

function request(base: string, { name, body }: EndpointRow, parameters: Readonly<Record<string, string>>) {
  const [method = '', template = ''] = name.split(' ')
  const path = template.replaceAll(/\{(\w+)\}/g, (_match, parameter: string) => parameters[parameter] ?? '')
  return fetch(`${service.url}${base}${path}`, {
    method: method.toUpperCase(),
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body(parameters)) }),
  })
}

const unavailable = (name: string) => {
  if (independent.includes(name)) return []
  if (name.includes('/ai-sdk/')) return [503, true, '5']
  return name.includes('/') ? [503, 'SERVICE_UNAVAILABLE', '5'] : ['UNAVAILABLE']
}

test('every query and every mutation is covered', () => {
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  )
  expect(new Set(operations.map(({ name }) => name.replace(/ \(.*/, '')))).toEqual(new Set(fields))
})

/** Asks for the number of readers until it is there. */
async function untilReaders(count: number): Promise<void> {
  for (let readers = 0; readers < count; ) {
    const metrics = await (await fetch(service.metricsUrl)).text()
    readers = Number(/^backchannel_subscribers (\d+)$/m.exec(metrics)?.[1])
  }
}

/** Everybody who waits for something to be said, and when they have heard it. */
function listeners() {
  const heard: Promise<void>[] = []
  const listener = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    heard.push(promise)
    return resolve
  }
  return { listener, allHaveHeard: () => Promise.all(heard) }
}

describe.each(outages)('while Redis $what', ({ begin, end, runsOutMs }) => {
  test('queries, mutations and endpoints are UNAVAILABLE; subscriptions wait and continue when it is back', async () => {
    const asks = await prepared()
    const model = 'interrupted'
    const channelId = await dispatch(service, { model })
    const { listener, allHaveHeard } = listeners()
    const streams = Object.entries(patientStreams)
    const before = streams.map(([name, watch]) => [name, watch(service, channelId, listener())] as const)
    const completed = completeOverRest(service, { model }, listener())
    await allHaveHeard()

    await begin()
    const timers = holdTimers(commandTimeoutMs)
    let answers: readonly Answer[]
    let during: readonly (readonly [string, Promise<Told>])[]
    try {
      outage.begun.resolve()
      during = streams.map(([name, watch]) => [name, watch(service, channelId, () => {})] as const)
      // Each follows the log before it reads there; the others read first, and share one follower. Their run is followed as well.
      const followers = streams.filter(([name]) => name.startsWith('channelEvents'))
      let isOver = false
      const asked = Promise.all([...asks.map((ask) => ask()), untilReaders(2 * followers.length + 2)])
      const settled = asked.finally(() => {
        isOver = true
      })
      while (!isOver) {
        timers.runOut(runsOutMs)
        await setImmediate()
      }
      answers = (await settled).filter((each) => each !== undefined)
    } finally {
      timers.release()
    }
    await end()
    outage.over.resolve()

    expect(answers.map(({ name, answer }) => [name, answer])).toEqual(
      answers.map(({ name }) => [name, unavailable(name)]),
    )
    const after = new Map(
      await Promise.all(
        streams.map(async ([name, watch]) => [name, await watch(service, channelId, () => {})] as const),
      ),
    )
    const text = interruptedText
    const settle = async (watching: readonly (readonly [string, Promise<Told>])[]) =>
      Promise.all(watching.map(async ([name, told]) => [name, await told] as const))
    for (const [name, told] of [...(await settle(before)), ...(await settle(during))]) {
      expect([name, told]).toEqual([name, { ...after.get(name), text, result: text }])
    }
    expect(await completed).toMatchObject({ text, result: text })
  })
})

test('a silent Redis is abandoned for the new one at its address: requests and subscriptions continue', async () => {
  const proxy = await startSwallowingProxy(redis.port)
  const place = await startObservedService({
    providers,
    env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, LEASE_MS: '600000' },
  })
  const channelId = await dispatch(place, { model: 'interrupted' })
  const { listener, allHaveHeard } = listeners()
  const watching = Object.entries(patientStreams).map(
    ([name, watch]) => [name, watch(place, channelId, listener())] as const,
  )
  await allHaveHeard()
  const isSilent = proxy.swallow(() => true)
  outage.begun.resolve()
  await isSilent
  const query = `{ dispatch(channelId: "${channelId}") { status messages { text } } }`
  const ask = async () => refusalOf(await overHttp(place.url, { query }))
  expect(await ask()).toEqual(['UNAVAILABLE'])
  proxy.heal()

  await vi.waitFor(async () => expect(await ask()).toEqual([]), { timeout: 90_000 })
  outage.over.resolve()
  for (const [name, told] of watching) {
    const { text, result } = await told
    expect([name, text, result]).toEqual([name, interruptedText, interruptedText])
  }
})
