import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import { readConfig } from '../../src/config/config.ts'
import { root } from '../house/imports.ts'
import { ensureTools } from '../support/ensure-tools.ts'
import { danglingIn, deploymentOf, environmentOf, ofKind, specOf } from './read-pods.ts'
import { buildRenderer, type Manifest, type Rendered } from './renderer.ts'
import { misspeltIn, problemOf } from './schemas.ts'
import { sets } from './sets.ts'

/**
 * Renders deploy/chart with each set of values and holds the manifests to the schemas of Kubernetes, KEDA and the Prometheus operator, to one another,
 * and to what the server reads. Needs no cluster and no helm; neither has been tried. For Debian, as root: it installs Go.
 */
const place = mkdtempSync(join(tmpdir(), 'chart-'))
const say = (line: string) => process.stdout.write(`${line}\n`)

function check(what: string, isRight: boolean, found: unknown = ''): void {
  if (!isRight)
    throw new Error(`Not right: ${what} ${typeof found === 'string' ? found : JSON.stringify(found, null, 1)}`)
  say(`ok  ${what}`)
}
const same = (what: string, found: unknown, wanted: unknown) => check(what, isDeepStrictEqual(found, wanted), found)

const dockerfile = readFileSync(join(root, 'deploy/image/Dockerfile'), 'utf8')
const [, variables = ''] = /^ENV (.+)$/m.exec(dockerfile.split(/^FROM /m).at(-1) ?? '') ?? []
const image = Object.fromEntries(variables.split(' ').map((each) => each.split(/=(.*)/s).slice(0, 2)))
const accounts = join(place, 'accounts.json')
writeFileSync(accounts, JSON.stringify({ acme: { keys: ['a-secret-that-is-long-enough'] } }))
const secret = {
  REDIS_URL: 'redis://redis:6379',
  API_KEYS: 'acme:a-secret-that-is-long-enough',
  TOKEN_SECRET: 'a-token-secret-of-32-letters-or-more',
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
  OPENAI_API_KEY: 'sk-of-the-secret',
}

function holdAll(name: string, rendered: Rendered): void {
  same(
    `${name}: every schema`,
    rendered.manifests.map(problemOf).filter((problem) => problem !== null),
    [],
  )
  same(`${name}: nothing is named that is not there`, danglingIn(rendered), [])
  const names = rendered.manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  same(`${name}: each name once`, names, [...new Set(names)])
  same(
    `${name}: in its namespace`,
    [...new Set(rendered.manifests.map(({ metadata }) => metadata.namespace))],
    ['talks'],
  )
  for (const role of ['api', 'worker'] as const) {
    const env: Record<string, string> = { ...environmentOf(rendered, role, image, secret) }
    // Where the chart mounts it.
    if (env['ACCOUNTS'] !== undefined) env['ACCOUNTS'] = accounts
    const config = readConfig(env, role)
    same(
      `${name}: the ${role} reads its variables`,
      [config.redisUrl, config.port, config.metrics?.port],
      [secret.REDIS_URL, 4000, 9464],
    )
    const { terminationGracePeriodSeconds: seconds } = deploymentOf(rendered, role).spec.template.spec
    const least = role === 'worker' ? config.shutdownGraceMs + 10_000 : config.shutdownDrainMs + 5000
    check(`${name}: the ${role} has time to leave`, seconds * 1000 > least, { seconds, least })
  }
}

/** The queries of the ScaledObject, asked of samples as /metrics of several processes have them. */
async function holdQueries(scaled: Manifest): Promise<void> {
  const { triggers } = specOf<{ triggers: { name: string; metadata: { query: string } }[] }>(scaled)
  const labels = 'namespace="talks",service="chat-backchannel-inner"'
  const series = (oldest: string, depth: string, limited: string, running: string) =>
    ['a', 'b'].flatMap((instance) => {
      const own = `${labels},instance="${instance}"`
      // One process cannot see the store.
      const say = (value: string) => (instance === 'b' ? 'NaN' : value)
      return [
        { series: `backchannel_queue_oldest_seconds{${own}}`, values: say(oldest) },
        { series: `backchannel_queue_depth{${own}}`, values: say(depth) },
        { series: `backchannel_queue_waiting_for_limit{${own},provider="openai"}`, values: say(limited) },
        { series: `backchannel_queue_waiting_for_limit{${own},provider="demo"}`, values: say('0') },
        { series: `backchannel_runs_running{${own}}`, values: say(running) },
        // Another release on the same Prometheus.
        { series: `backchannel_queue_oldest_seconds{namespace="talks",service="other",instance="c"}`, values: '9000' },
      ].filter(({ series: name }) => instance === 'a' || !name.includes('"other"'))
    })
  const cases = [
    { input: series('45', '3', '0', '7'), expected: { 'queue-age': 45, places: 7 } },
    { input: series('45', '3', '3', '7'), expected: { 'queue-age': 0, places: 7 } },
    { input: series('45', '3', '2', '100'), expected: { 'queue-age': 45, places: 100 } },
    { input: series('0', '0', '0', '0'), expected: { 'queue-age': 0, places: 0 } },
  ]
  const tests = cases.map(({ input, expected }) => ({
    interval: '30s',
    input_series: input,
    promql_expr_test: triggers.map(({ name, metadata }) => ({
      expr: metadata.query,
      eval_time: '0s',
      exp_samples: [{ labels: '{}', value: expected[name as keyof typeof expected] }],
    })),
  }))
  const file = join(place, 'queries.yaml')
  writeFileSync(file, stringify({ rule_files: [], tests }))
  execFileSync((await ensureTools()).promtool, ['test', 'rules', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  say('ok  what workers are scaled by is the age of what they could take, and the places that are taken')
}

const refusalOf = (act: () => unknown) => {
  try {
    act()
    return ''
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr ?? error)
  }
}

try {
  const { render } = buildRenderer(place, join(root, 'deploy/chart'))
  const all = Object.fromEntries(Object.entries(sets).map(([name, values]) => [name, render(values)]))
  for (const [name, rendered] of Object.entries(all)) holdAll(name, rendered)
  const of = (name: string) => all[name] ?? render({})

  const manifests = Object.values(all).flatMap((rendered) => rendered.manifests)
  same('no field that Kubernetes does not know', misspeltIn(manifests), [])
  const [deployment] = ofKind(of('the defaults'), 'Deployment')
  const misspelt = { ...deployment, spec: { ...deployment?.spec, replica: 3 } } as Manifest
  check(
    'a misspelt field would be found',
    misspeltIn([misspelt]).some((line) => line.includes('replica')),
  )
  for (const kind of [
    'ServiceMonitor',
    'ScaledObject',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'Ingress',
    'Service',
  ]) {
    const one = Object.values(all).flatMap(({ manifests }) => manifests.filter((each) => each.kind === kind))[0]
    if (one === undefined) throw new Error(`No set renders a ${kind}.`)
    check(
      `a schema refuses a ${kind} without its parts`,
      problemOf({ ...one, spec: { selector: 1, metrics: 1, triggers: 1, rules: 1 } }) !== null,
    )
  }

  const kinds = ({ manifests }: Rendered) => manifests.map(({ kind }) => kind).toSorted()
  const plain = [
    'ConfigMap',
    'Deployment',
    'Deployment',
    'PodDisruptionBudget',
    'PodDisruptionBudget',
    'Service',
    'Service',
    'ServiceAccount',
  ]
  same('the defaults are these', kinds(of('the defaults')), plain)
  same(
    'without budgets and an account',
    kinds(of('places and budgets left out, one of each')),
    plain.filter((kind) => !/Budget|Account/.test(kind)),
  )
  const scaled = of('both roles scaled, and monitored')
  same(
    'with scaling and a monitor',
    kinds(scaled),
    [...plain, 'HorizontalPodAutoscaler', 'ScaledObject', 'ServiceMonitor'].toSorted(),
  )
  same(
    'who scales sets the replicas',
    (['api', 'worker'] as const).map((role) => deploymentOf(scaled, role).spec.replicas),
    [undefined, undefined],
  )
  const [scaledObject] = ofKind(scaled, 'ScaledObject')
  if (scaledObject !== undefined) await holdQueries(scaledObject)
  const thresholds = specOf<{ triggers: { metadata: { threshold: string } }[] }>(scaledObject as Manifest).triggers.map(
    ({ metadata }) => metadata.threshold,
  )
  same('80 % of 12 places, and 2.5 seconds', thresholds, ['2.5', '9'])
  const blind = { worker: { autoscaling: { enabled: true } } }
  check(
    'workers cannot be scaled without a Prometheus',
    refusalOf(() => render(blind)).includes('worker.autoscaling.prometheusUrl: where to ask'),
  )

  same(
    'numbers, words and JSON reach the process as they are',
    ofKind(of('numbers, words and JSON as settings'), 'ConfigMap')[0]?.data,
    {
      MAX_REQUEST_BYTES: '8000000',
      SHUTDOWN_DRAIN_MS: '5000',
      SHUTDOWN_GRACE_MS: '120500',
      COST_PER_DAY: '2.5',
      GRAPHIQL: 'off',
      CONSOLE: 'off',
      MODEL_PRICES: '{"demo":{"input":1,"output":2}}',
      LOG_LEVEL: 'debug',
      METRICS_HOST: '::',
    },
  )
  const own = deploymentOf(of('secrets of one’s own, a file of accounts, a private CA'), 'worker').spec.template.spec
    .containers[0]
  same('the image', own.image, 'registry.example/team/backchannel-server:1.2.3')
  same(
    'accounts and CA are mounted',
    own.volumeMounts?.map(({ mountPath }) => mountPath),
    ['/etc/backchannel/accounts', '/etc/backchannel/ca'],
  )
  check('with a file of accounts API_KEYS may be absent', !own.env.some(({ name }) => name === 'API_KEYS'))

  const annotationsOf = (values: object) =>
    (deploymentOf(render(values), 'api').spec.template.metadata as { annotations?: object }).annotations
  check(
    'another setting replaces the Pods',
    !isDeepStrictEqual(annotationsOf({}), annotationsOf({ config: { LOG_LEVEL: 'warn' } })),
  )
  const long = render(
    sets['both roles scaled, and monitored'] ?? {},
    'a-release-whose-name-is-as-long-as-helm-allows-1234567',
  )
  holdAll('a long name', long)
  const names = (rendered: Rendered) => rendered.manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  const second = render({}, 'second')
  same(
    'two releases share no name',
    names(second).filter((name) => names(of('the defaults')).includes(name)),
    [],
  )
  const both = { notes: '', manifests: [...second.manifests, ...of('the defaults').manifests] }
  const found = ofKind(both, 'Service').map((each) => specOf<{ selector: Record<string, string> }>(each).selector)
  check(
    'two releases find their own Pods',
    found.every((labels) => labels['app.kubernetes.io/instance'] !== undefined),
  )
  same(
    'a release that is called like the chart says it once',
    deploymentOf(render({}, 'backchannel'), 'api').metadata.name,
    'backchannel-api',
  )
  check(
    'the notes tell of the Secret and of scaling',
    of('the defaults').notes.includes('create secret generic backchannel') &&
      !scaled.notes.includes('serviceMonitor.enabled is false'),
  )
  same(
    'no value is missing',
    Object.values(all).filter((rendered) => JSON.stringify(rendered).includes('no value')),
    [],
  )
} finally {
  rmSync(place, { recursive: true, force: true })
}
