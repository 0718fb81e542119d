import { readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { quietSources } from '../../house/metrics-table.ts'
import { declared, eventsOf, submit, untilParked } from '../../support/function/function-runs.ts'
import { startHoldingProxy } from '../../support/proxy/holding-proxy.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { type ObservedService, startObservedService } from '../../support/service/observed-service.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'

let service: ObservedService

/** Samples by their name with its labels. */
async function scrape(url: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

/** Where a process says that its metrics are. */
const urlOf = ({ log }: { readonly log: readonly string[] }) =>
  JSON.parse(log.find((line) => line.includes('"metrics"')) ?? '{}').url as string

const skill = { name: 'skill', description: 'Says it.', instruction: '```text\nSay hello.\n```' }

test('metrics count a run with a parked call and an ability from dispatch to ending, and its reader', async () => {
  service = await startObservedService({ env: { DEFAULT_MODEL: 'demo/delayMs=0/words=20' } })
  const channelId = await dispatch(service, {
    messages: [{ type: 'USER', text: 'Please call ask and skill.' }],
    functions: [declared('ask', { result: { await: true } })],
    extensions: { skillsets: [{ abilities: [skill] }] },
  })
  const { ask } = await untilParked(service, channelId)
  const parked = await scrape(service.metricsUrl)
  expect(parked.get('backchannel_runs_due')).toBe(1)
  expect(parked.get('backchannel_runs_running')).toBe(0)
  expect(parked.get('backchannel_parked_runs{state="waiting"}')).toBe(1)
  expect(parked.get('backchannel_parked_runs{state="paused"}')).toBe(0)
  await submit(service, { channelId, callId: ask?.id }, { data: 1 })
  const events = await eventsOf(service, channelId)
  expect(events.at(-1)?.__typename).toBe('DispatchCompleted')

  const { metricsUrl } = service
  await vi.waitFor(async () => expect((await scrape(metricsUrl)).get('backchannel_subscribers')).toBe(0), {
    timeout: 20_000,
  })
  const counted = await scrape(metricsUrl)
  expect(
    Object.fromEntries(
      [...counted].filter(
        ([name, value]) =>
          /^backchannel_(dispatches|runs|answers|replays)/.test(name) && !/_bucket|_sum|_due/.test(name) && value > 0,
      ),
    ),
  ).toEqual({
    'backchannel_dispatches_total{outcome="created"}': 1,
    'backchannel_runs_started_total{how="first"}': 1,
    'backchannel_runs_started_total{how="resumed"}': 1,
    backchannel_runs_parked_total: 1,
    backchannel_runs_woken_total: 1,
    'backchannel_answers_total{by="submit",outcome="settled"}': 1,
    'backchannel_runs_ended_total{outcome="completed",code=""}': 1,
    'backchannel_replays_total{why="start"}': 1,
  })
  const least = {
    backchannel_run_wait_seconds_count: 1,
    'backchannel_run_duration_seconds_count{outcome="completed"}': 1,
    'backchannel_iteration_seconds_count{model="demo"}': 2,
    'backchannel_model_call_seconds_count{model="demo",outcome="finished"}': 2,
    'backchannel_time_to_first_token_seconds_count{model="demo"}': 2,
    'backchannel_tokens_total{model="demo",kind="input"}': 1,
    'backchannel_tokens_total{model="demo",kind="output"}': 1,
    'backchannel_ability_call_seconds_count{outcome="completed"}': 1,
    'backchannel_appends_total{outcome="applied"}': 4,
    backchannel_events_written_total: 10,
    backchannel_events_delivered_total: 10,
    process_cpu_seconds_total: 0.01,
    nodejs_eventloop_lag_seconds: 0,
  }
  for (const [name, count] of Object.entries(least)) expect(counted.get(name), name).toBeGreaterThanOrEqual(count)
  expect(counted.get('backchannel_queue_depth')).toBe(0)
  expect(counted.get('backchannel_parked_runs{state="waiting"}')).toBe(0)
  // No label holds what callers choose without bound.
  expect([...counted.keys()].join('\n')).not.toContain(channelId)
})

test('API and worker each expose metrics on their own loopback port, with the same queue figures', async () => {
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url, METRICS_PORT: '0' }
  const api = await startProcess('api', env)
  const channels = await Promise.all([1, 2, 3].map(() => dispatch(api)))
  expect(urlOf(api)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  const before = await scrape(urlOf(api))
  expect(before.get('backchannel_queue_depth')).toBe(3)
  expect(before.get('backchannel_queue_oldest_seconds')).toBeGreaterThan(0)
  expect(before.get('backchannel_runs_due')).toBe(3)
  expect(before.get('backchannel_runs_running')).toBe(0)

  const worker = await startProcess('worker', env)
  await Promise.all(channels.map((channelId) => eventsOf(api, channelId)))
  const [ofApi, ofWorker] = await Promise.all([scrape(urlOf(api)), scrape(urlOf(worker))])
  expect(ofApi.get('backchannel_dispatches_total{outcome="created"}')).toBe(3)
  expect(ofApi.get('backchannel_queue_depth')).toBe(0)
  expect(ofWorker.get('backchannel_queue_depth')).toBe(0)
  expect(ofWorker.get('backchannel_runs_ended_total{outcome="completed",code=""}')).toBe(3)
}, 60_000)

test('operations are counted by field or endpoint and outcome, over HTTP, WebSocket and REST, each from 0', async () => {
  const redis = await startRedis()
  service = await startObservedService({
    env: { REDIS_URL: redis.url, DEFAULT_MODEL: 'demo/delayMs=20/words=1000000' },
  })
  const operations = async () =>
    new Map([...(await scrape(service.metricsUrl))].filter(([name]) => name.startsWith('backchannel_operation')))
  const before = await operations()
  expect(before.get('backchannel_operations_total{operation="cancelDispatch",outcome="failed"}')).toBe(0)
  const fetched = 'backchannel_operations_total{operation="GET /v1/bot/:id/fetch",outcome="refused"}'
  expect(before.get(fetched)).toBe(0)
  expect([...before.values()].filter((count) => count > 0)).toEqual([])

  const channelId = await dispatch(service)
  await vi.waitFor(async () => expect((await scrape(service.metricsUrl)).get('backchannel_runs_running')).toBe(1))
  const cancel = 'mutation ($id: ID!) { aliased: cancelDispatch(channelId: $id) { dispatch { status } } }'
  await graphql(service, cancel, { id: channelId })
  await eventsOf(service, channelId)
  await graphql(service, cancel, { id: 'no-such-channel-at-all' })
  await graphql(service, cancel, { id: { not: 'an id' } })
  await graphql(service, '{ __typename }')
  await graphql(service, '{ dispatches { edges { node { status } } } more: dispatches { edges { node { status } } } }')
  await graphql(service, 'query { noSuchField }')
  const rest = async (path: string, init?: RequestInit) => (await fetch(`${service.url}${path}`, init)).status
  expect(await rest('/v1/bot/list')).toBe(200)
  expect(await rest('/api/v1/bot/none/fetch')).toBe(404)
  const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }
  expect(await rest('/v1/bot/create', broken)).toBe(400)
  expect(await rest('/v1/no/such/endpoint')).toBe(404)
  await redis.kill('SIGKILL')
  await graphql(service, '{ dispatches { edges { node { status } } } }')

  const after = [...(await operations())].filter(([, count]) => count > 0)
  expect(Object.fromEntries(after)).toEqual({
    'backchannel_operations_total{operation="dispatchConversation",outcome="answered"}': 1,
    'backchannel_operations_total{operation="cancelDispatch",outcome="answered"}': 1,
    'backchannel_operations_total{operation="cancelDispatch",outcome="refused"}': 2,
    'backchannel_operations_total{operation="channelEvents",outcome="answered"}': 1,
    'backchannel_operations_total{operation="introspection",outcome="answered"}': 1,
    'backchannel_operations_total{operation="several",outcome="answered"}': 1,
    'backchannel_operations_total{operation="dispatches",outcome="failed"}': 1,
    'backchannel_operations_total{operation="GET /v1/bot/list",outcome="answered"}': 1,
    [fetched]: 1,
    'backchannel_operations_total{operation="POST /v1/bot/create",outcome="refused"}': 1,
    'backchannel_operations_total{operation="other",outcome="refused"}': 1,
    'backchannel_operation_errors_total{code="BAD_USER_INPUT"}': 2,
    'backchannel_operation_errors_total{code="NOT_FOUND"}': 3,
    'backchannel_operation_errors_total{code="UNAVAILABLE"}': 1,
  })
}, 60_000)

test('metrics count the take-over and the refused append of a stopped worker', async () => {
  const redis = await startRedis()
  const proxy = await startHoldingProxy(redis.port)
  const env = { REDIS_URL: redis.url, METRICS_PORT: '0', LEASE_MS: '2000' }
  const [api, first] = await Promise.all([
    startProcess('api', env),
    startProcess('worker', { ...env, REDIS_URL: `redis://127.0.0.1:${proxy.port}` }),
  ])
  // The word is on its way to Redis when its worker is stopped. It arrives once the run is another's.
  const isHeld = proxy.hold((piece) => piece.includes('text-delta'))
  const channelId = await dispatch(api, { model: 'demo/delayMs=20/words=1000000' })
  await isHeld
  await first.kill('SIGSTOP')
  const second = await startProcess('worker', env)
  await vi.waitFor(
    async () =>
      expect((await scrape(urlOf(second))).get('backchannel_runs_started_total{how="taken-over"}')).toBeGreaterThan(0),
    { timeout: 60_000, interval: 100 },
  )
  proxy.release()
  await first.kill('SIGCONT')
  await vi.waitFor(
    async () => expect((await scrape(urlOf(first))).get('backchannel_appends_total{outcome="fenced"}')).toBe(1),
    { timeout: 60_000, interval: 100 },
  )
  const cancel = 'mutation ($id: ID!) { cancelDispatch(channelId: $id) { dispatch { status } } }'
  expect((await graphql(api, cancel, { id: channelId })).errors).toBeUndefined()
  expect((await eventsOf(api, channelId)).at(-1)?.__typename).toBe('DispatchCancelled')
}, 180_000)

test('without METRICS_PORT no metrics port is open', async () => {
  service = await startObservedService({ env: { METRICS_PORT: '' } })
  expect(service.metricsUrl).toBe('')
  expect((await fetch(`${service.url}/metrics`)).status).toBe(404)
})

describe('labels', () => {
  const exposed = async (tell: (metrics: ReturnType<typeof createMetrics>) => void) => {
    const metrics = createMetrics(quietSources)
    tell(metrics)
    return (await metrics.expose()).text
  }

  test('name at most 50 models, without their settings', async () => {
    const text = await exposed(({ tell }) => {
      for (let n = 0; n < 60; n += 1) tell({ type: 'first-token', model: `openai:m${n}/temperature=0.${n}`, ms: 1 })
    })
    expect(text).toContain('backchannel_time_to_first_token_seconds_count{model="openai:m49"} 1')
    expect(text).toContain('backchannel_time_to_first_token_seconds_count{model="other"} 10')
    expect(text).not.toMatch(/temperature|openai:m50/)
  })

  test('an unreachable queue has no depth', async () => {
    const metrics = createMetrics({ ...quietSources, backlog: async () => Promise.reject(new Error('away')) })
    expect((await metrics.expose()).text).toMatch(/^backchannel_queue_depth Nan$/im)
  })
})

test('the table of the reference names every metric and what it counts', async () => {
  const page = readFileSync(new URL('../../../docs/reference/metrics.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(backchannel_\w+)` \|.*\| (.*) \|$/gm)].map(([, name, help]) => [name, help])
  const metrics = createMetrics(quietSources)
  const helps = [...(await metrics.expose()).text.matchAll(/^# HELP (backchannel_\w+) (.*)$/gm)]
  expect(helps.length).toBeGreaterThan(20)
  expect(rows).toEqual(helps.map(([, name, help]) => [name, help]))
})
