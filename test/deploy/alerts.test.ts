import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { fairKey } from '../../src/engines/redis/keys.ts'
import { ModelFault } from '../../src/models/model.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { root } from '../house/imports.ts'
import { quietSources } from '../house/metrics-table.ts'
import { eventsOf } from '../support/function/function-runs.ts'
import { opened } from '../support/lifetime/opened.ts'
import { connectRedisEngine } from '../support/redis/redis-engine.ts'
import { startRedis } from '../support/redis/redis-server.ts'
import { createScriptedModel, scriptedProvider } from '../support/run/scripted-model.ts'
import { startObservedService } from '../support/service/observed-service.ts'
import { startProcess } from '../support/service/start-process.ts'
import { dispatch } from '../support/watching/watchers.ts'

// It starts processes.
vi.setConfig({ testTimeout: 180_000 })

const rulesFile = join(root, 'deploy/alerts.yaml')
const alerts = [
  'BackchannelNoWorker',
  'BackchannelQueueOld',
  'BackchannelStoreAway',
  'BackchannelProviderFailing',
  'BackchannelEventLoopHeld',
] as const
type Alert = (typeof alerts)[number]

/** The samples of an exposition, by series; as Prometheus stores them for one process. */
function samplesOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [series, value] = [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]
      const [, name = '', labels = ''] = /^([^{]*)(?:\{(.*)\})?$/.exec(series) ?? []
      const all = [...(labels === '' ? [] : [labels]), 'instance="one"'].join(',')
      // prom-client writes Nan, which Prometheus reads and promtool does not.
      return [`${name}{${all}}`, value === 'Nan' ? 'NaN' : value]
    }),
  )
}

/** A value and `times` more of it; promtool does not read NaNx20. */
const repeated = (value = 'NaN', times: number) =>
  value === 'NaN'
    ? Array(times + 1)
        .fill(value)
        .join(' ')
    : `${value}x${times}`

/** A machine that does other things as well holds the event loop by itself. */
const butHeld = (some: readonly Alert[]) => some.filter((alert) => alert !== 'BackchannelEventLoopHeld')

/** The alerts that fire for a process whose /metrics said `before` for ten minutes and `after` for the next five. */
async function firing(before: string, after: string): Promise<readonly Alert[]> {
  const [earlier, later] = [samplesOf(before), samplesOf(after)]
  const names = [...later.keys()].filter((series) => series.startsWith('backchannel_'))
  const dir = opened(await mkdtemp(join(tmpdir(), 'alerts-')), (it) => rm(it, { recursive: true }))
  const file = join(dir, 'tests.yaml')
  const tests = [
    {
      interval: '30s',
      input_series: names.map((series) => ({
        series,
        values: `${earlier.has(series) ? repeated(earlier.get(series), 20) : '_x20'} ${repeated(later.get(series), 10)}`,
      })),
      // promtool names those that fire nevertheless.
      alert_rule_test: alerts.map((alertname) => ({ eval_time: '13m', alertname, exp_alerts: [] })),
    },
  ]
  await writeFile(file, stringify({ rule_files: [rulesFile], tests }))
  return promisify(execFile)(inject('promtool'), ['test', 'rules', file]).then(
    () => [],
    ({ stdout, stderr }) => {
      const fired = alerts.filter((alert) => `${stdout}${stderr}`.includes(`alertname: ${alert},`))
      expect(fired, `${stdout}${stderr}`).not.toEqual([])
      return fired
    },
  )
}

const metricsOf = async (url: string) => (await fetch(url)).text()

test('of an API without a worker, then without Redis, the right alerts fire', async () => {
  const redis = await startRedis()
  const api = await startProcess('api', { REDIS_URL: redis.url, METRICS_PORT: '0' })
  const url = JSON.parse(api.log.find((line) => line.includes('"metrics"')) ?? '{}').url as string
  const alone = await metricsOf(url)
  expect(butHeld(await firing(alone, alone))).toEqual(['BackchannelNoWorker'])

  await dispatch(api)
  const { redis: admin } = await connectRedisEngine(redis.url)
  const [job = ''] = await admin.zrange(`${fairKey}:queued`, '0', '0')
  await admin.zadd(`${fairKey}:queued`, Date.now() - 120_000, job)
  const waiting = await metricsOf(url)
  expect(butHeld(await firing(alone, waiting))).toEqual(['BackchannelNoWorker', 'BackchannelQueueOld'])

  const worker = await startProcess('worker', { REDIS_URL: redis.url })
  await vi.waitFor(async () => expect(butHeld(await firing(alone, await metricsOf(url)))).toEqual([]), {
    timeout: 30_000,
    interval: 200,
  })
  await worker.kill('SIGTERM')
  await redis.kill('SIGKILL')
  expect(butHeld(await firing(alone, await metricsOf(url)))).toEqual(['BackchannelStoreAway'])
})

test('of a provider that fails, and of something that holds the event loop, the right alerts fire', async () => {
  const model = createScriptedModel([{ lines: [new ModelFault('unavailable', 'Gone.')] }], 'compatible')
  const service = await startObservedService({
    providers: [scriptedProvider(model)],
    env: { DEFAULT_MODEL: 'compatible' },
  })
  const before = await metricsOf(service.metricsUrl)
  expect(await firing(before, before)).toEqual([])
  for (let n = 0; n < 12; n += 1) await eventsOf(service, await dispatch(service, { model: 'compatible' }))
  const failing = await metricsOf(service.metricsUrl)
  expect(butHeld(await firing(before, failing))).toEqual(['BackchannelProviderFailing'])
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700)
  const holding = await metricsOf(service.metricsUrl)
  expect(await firing(failing, holding)).toEqual(['BackchannelEventLoopHeld'])
})

test('alerts and dashboard name series that /metrics has, with labels that it has', async () => {
  const { text } = await createMetrics(quietSources).expose()
  const known = new Set([...samplesOf(text).keys()].map((series) => series.split('{', 1)[0]))
  // Those of models appear with the first call.
  for (const [, name = ''] of text.matchAll(/^# TYPE (backchannel_\w+) histogram$/gm))
    for (const part of ['bucket', 'sum', 'count']) known.add(`${name}_${part}`)
  for (const [, name = ''] of text.matchAll(/^# TYPE (backchannel_\w+) /gm)) known.add(name)
  const rules = parse(await readFile(rulesFile, 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] }
  const dashboard = await readFile(join(root, 'deploy/dashboard.json'), 'utf8')
  const expressions = [
    ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
    ...[...dashboard.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(([, quoted = '']) => JSON.parse(quoted) as string),
  ]
  expect(expressions.length).toBeGreaterThan(15)
  const named = expressions.flatMap((each) => each.match(/\b(backchannel|nodejs|process)_\w+/g) ?? [])
  expect(named.filter((name) => !known.has(name))).toEqual([])
  expect(rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert))).toEqual(
    expect.arrayContaining([...alerts]),
  )
})
