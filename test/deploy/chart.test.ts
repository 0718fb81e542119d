import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { configurationTable } from '../../src/config/table.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { mistakes, sets } from '../chart/sets.ts'
import { root } from '../house/imports.ts'
import { quietSources } from '../house/metrics-table.ts'

// What it renders to, and whether that is right, is a step of check:all: test/chart/main.ts.
const read = (file: string) => readFileSync(join(root, 'deploy', file), 'utf8')
const chart = parse(read('chart/Chart.yaml')) as Readonly<Record<string, string>>
const values = parse(read('chart/values.yaml')) as Values
type Values = { readonly [name: string]: Values | string | number | boolean | null | readonly unknown[] }
const schema = JSON.parse(read('chart/values.schema.json'))
const templates = globSync('chart/templates/*', { cwd: join(root, 'deploy') }).map(read)
const text = templates.join('\n')
const defaultOf = (name: string) => configurationTable.find((row) => row.name === name)?.default
const ownPorts = ['PORT', 'METRICS_PORT']

const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)
/** As Helm does: what is given wins, map by map; null takes a default away. */
const merged = (defaults: Values, given: Values): Values => {
  const all: Record<string, Values[string]> = { ...defaults }
  for (const [name, value] of Object.entries(given)) {
    const before = all[name]
    if (value === null) delete all[name]
    else all[name] = isMap(value) && isMap(before) ? merged(before, value) : value
  }
  return all
}
const validate = new Ajv({ allErrors: true }).compile(schema)
const problemsOf = (given: object) => {
  validate(merged(values, given as Values))
  return (validate.errors ?? []).map(({ instancePath }) => instancePath)
}

test.each(Object.entries(sets))('the schema of the values takes %s', (_name, given) => {
  expect(problemsOf(given)).toEqual([])
})

test.each(mistakes)('the schema of the values refuses at %j: %j', (path, given) => {
  expect(problemsOf(given)).toContain(path)
})

test('the schema knows every value that has a default, and every setting that is no secret of the processes', () => {
  const pathsIn = (given: Values, before = ''): readonly string[] =>
    Object.entries(given).flatMap(([name, value]) => [
      `${before}/${name}`,
      ...(isMap(value) && before + name !== 'config' ? pathsIn(value, `${before}/${name}`) : []),
    ])
  const known = (at: { readonly properties?: Record<string, never> }, before = ''): readonly string[] =>
    Object.entries(at.properties ?? {}).flatMap(([name, inner]) => [
      `${before}/${name}`,
      ...known(inner, `${before}/${name}`),
    ])
  const free = /^\/(global|api\/resources|worker\/resources)/
  expect(
    known(schema)
      .filter((path) => !free.test(path))
      .toSorted(),
  ).toEqual(
    pathsIn(values)
      .filter((path) => !/\/resources\/|\/config\//.test(path) && !free.test(path))
      .toSorted(),
  )
  // The embedded engine is for one process, and has no place in a chart of several.
  const others = [...ownPorts, 'DATA_DIR', 'DATA_BYTES']
  expect(schema.properties.config.propertyNames.enum).toEqual(
    configurationTable.filter(({ name, isSecret }) => !isSecret && !others.includes(name)).map(({ name }) => name),
  )
})

test('every value that a template reads is there, and every value is read', () => {
  const named = [...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path)
  const isThere = (path: string) =>
    path.startsWith('config.') ||
    path.split('.').reduce<unknown>((at, name) => (at as Values | undefined)?.[name], values) !== undefined
  expect(named.filter((path) => !isThere(path))).toEqual([])
  const read = new Set(named.map((path) => path.split('.', 1)[0]))
  expect(Object.keys(values).filter((name) => !read.has(name))).toEqual([])
})

test('variables, metrics, ports, paths and the user are those of the code and the image', async () => {
  const variables = [...text.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z_0-9]+\b/g)].map(([name]) => name)
  const known = [...configurationTable.map(({ name }) => name), 'NODE_EXTRA_CA_CERTS']
  expect(variables.length).toBeGreaterThan(10)
  expect(variables.filter((name) => !known.includes(name))).toEqual([])
  const metrics = [...text.matchAll(/\bbackchannel_\w+/g)].map(([name]) => name)
  const exposed = (await createMetrics(quietSources).expose()).text
  expect(metrics.length).toBeGreaterThan(3)
  expect(metrics.filter((name) => !exposed.includes(`# TYPE ${name} gauge`))).toEqual([])

  const image =
    read('image/Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? ''
  const [, port, inner] = /PORT=(\d+) .*METRICS_PORT=(\d+)/.exec(image) ?? []
  const [, user, group] = /^USER (\d+):(\d+)$/m.exec(image) ?? []
  expect([...text.matchAll(/containerPort: (\d+)/g)].map(([, each]) => each)).toEqual([port, inner])
  expect([...text.matchAll(/name: (?:METRICS_)?PORT, value: "(\d+)"/g)].map(([, each]) => each)).toEqual([port, inner])
  expect([...text.matchAll(/runAs(?:User|Group): (\d+)/g)].map(([, each]) => each)).toEqual([user, group])
  const server = readFileSync(join(root, 'src/telemetry/open.ts'), 'utf8')
  for (const [, path = ''] of text.matchAll(/path: (\/\w+)/g)) expect(server, path).toContain(`'${path}'`)
})

test('what a Pod may take to leave begins with the defaults of the processes', () => {
  expect(text).toContain(`SHUTDOWN_GRACE_MS | default ${defaultOf('SHUTDOWN_GRACE_MS')}`)
  expect(text).toContain(`SHUTDOWN_DRAIN_MS | default ${defaultOf('SHUTDOWN_DRAIN_MS')}`)
  expect(text).toContain(`WORKER_CONCURRENCY | default ${defaultOf('WORKER_CONCURRENCY')}`)
})

test('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect([chart['version'], chart['appVersion']]).toEqual([version, version])
})
