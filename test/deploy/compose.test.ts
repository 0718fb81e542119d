import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { configurationTable } from '../../src/config/table.ts'
import { root } from '../house/imports.ts'

interface Service {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly stop_grace_period?: string
  readonly read_only?: boolean
  readonly deploy?: { readonly replicas: number }
}
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const { services } = parse(read('deploy/compose.yaml'), { merge: true }) as {
  services: Readonly<Record<'redis' | 'api' | 'worker', Service>>
}
const dockerfile = read('deploy/image/Dockerfile')
const known = configurationTable.map(({ name }) => name)

test('the compose file starts Redis with a file, one API and two workers, with variables that are there', () => {
  expect(Object.keys(services)).toEqual(['redis', 'api', 'worker'])
  const redis = services.redis.command?.join(' ')
  expect(redis).toContain('--appendonly yes')
  expect(redis).toContain('--maxmemory-policy noeviction')
  expect([services.api.command, services.worker.command]).toEqual([['api'], ['worker']])
  expect(services.worker.deploy?.replicas).toBe(2)
  for (const { environment = {}, read_only, stop_grace_period } of [services.api, services.worker]) {
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([])
    expect(environment['REDIS_URL']).toBe('redis://redis:6379')
    expect(read_only).toBe(true)
    const grace = configurationTable.find(({ name }) => name === 'SHUTDOWN_GRACE_MS')?.default
    expect(Number.parseInt(stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(Number(grace) + 10_000)
  }
})

test('the Dockerfile ends with Node itself as process 1, another user, and variables that are there', () => {
  const last = dockerfile.split(/^FROM /m).at(-1) ?? ''
  const [, variables = ''] = /^ENV (.+)$/m.exec(last) ?? []
  const names = variables.split(' ').map((each) => each.split('=')[0] ?? '')
  expect(names.filter((name) => name !== 'NODE_ENV' && !known.includes(name))).toEqual([])
  expect(last).toMatch(/^ENTRYPOINT \["\/usr\/local\/bin\/node", "\/app\/bin\/backchannel-server\.cjs"\]$/m)
  expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
  expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m)
  expect(last).toMatch(/^HEALTHCHECK /m)
  expect(last).not.toMatch(/npm/)
})
