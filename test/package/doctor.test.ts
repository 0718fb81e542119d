import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { examine } from '../../src/cli/doctor.ts'
import { root } from '../house/imports.ts'
import { opened } from '../support/lifetime/opened.ts'
import { startRedis } from '../support/redis/redis-server.ts'
import { openAdmin } from '../support/redis/redis-users.ts'

async function report(env: Readonly<Record<string, string>>): Promise<{ isWell: boolean; lines: readonly string[] }> {
  const lines: string[] = []
  const isWell = await examine(env, (line) => lines.push(line))
  return { isWell, lines }
}

/** A provider that knows one key and one model, below /v1. */
async function startProvider(key: string): Promise<string> {
  const server = opened(
    createServer((request, response) => {
      const isKnown = request.headers.authorization === `Bearer ${key}`
      const status = request.url !== '/v1/models' ? 404 : isKnown ? 200 : 401
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"data":[{"id":"llama3:latest"}]}')
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const key = 'a-key-of-a-provider'
const good = {
  API_KEYS: 'acme:a-secret-that-is-long-enough',
  TOKEN_SECRET: 'x'.repeat(32),
  SECRETS_KEY: 'ab'.repeat(32),
}

test('finds nothing to mend where all is well', async () => {
  const [redis, provider] = await Promise.all([startRedis({ appendOnly: true }), startProvider(key)])
  await (await openAdmin(redis.url)).config('SET', 'maxmemory', '100mb')
  const env = {
    ...good,
    REDIS_URL: redis.url,
    OPENAI_COMPATIBLE_BASE_URL: `${provider}/v1`,
    OPENAI_COMPATIBLE_API_KEY: key,
    DEFAULT_MODEL: 'compatible:llama3',
  }
  const { isWell, lines } = await report(env)
  expect(isWell).toBe(true)
  expect(lines.filter((line) => !line.startsWith('ok') && !line.includes('open files'))).toEqual([])
  expect(lines).toContainEqual(expect.stringMatching(/^ok {4}REDIS_URL: (Redis|Valkey) [\d.]+ answers/))
  expect(lines).toContainEqual('ok    OPENAI_COMPATIBLE_BASE_URL: the provider answers, with 1 models')
})

test('names each thing to mend, in a line, without a secret', async () => {
  const [redis, provider] = await Promise.all([startRedis(), startProvider(key)])
  await (await openAdmin(redis.url)).config('SET', 'maxmemory-policy', 'allkeys-lru')
  const host = new URL(provider).host
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ LEASE_MS: '5' }, 'fail  LEASE_MS: takes a whole number from 1000 to 600000'],
    [{ REDIS_URL: redis.url }, 'fail  REDIS_URL: maxmemory-policy is allkeys-lru, which deletes logs and jobs at will'],
    [{ REDIS_URL: redis.url }, 'warn  REDIS_URL: no append-only file: a restart of Redis loses what it has not saved'],
    [{ REDIS_URL: redis.url }, 'warn  TOKEN_SECRET: absent; no tokens for browsers can be minted'],
    [
      { OPENAI_COMPATIBLE_BASE_URL: provider },
      `fail  OPENAI_COMPATIBLE_BASE_URL: there is nothing at /models; does the base URL lack a part, such as /v1? (${host})`,
    ],
    [
      { OPENAI_COMPATIBLE_BASE_URL: `${provider}/v1`, OPENAI_COMPATIBLE_API_KEY: 'another-key-of-ours' },
      `fail  OPENAI_COMPATIBLE_BASE_URL: the provider refuses the key with 401; set a valid one (${host})`,
    ],
    [
      { OPENAI_API_KEY: key, OPENAI_BASE_URL: 'http://127.0.0.1:2/v1' },
      'fail  OPENAI_API_KEY: the provider cannot be reached, ECONNREFUSED (127.0.0.1:2)',
    ],
    [{ DEFAULT_MODEL: 'llama3.2' }, 'fail  DEFAULT_MODEL: There is no model "llama3.2"'],
    [
      {
        OPENAI_COMPATIBLE_BASE_URL: `${provider}/v1`,
        OPENAI_COMPATIBLE_API_KEY: key,
        DEFAULT_MODEL: 'compatible:lama3',
      },
      'warn  DEFAULT_MODEL: compatible does not list "lama3"; is its name right?',
    ],
  ]
  for (const [env, line] of cases) {
    const { isWell, lines } = await report(env)
    expect(lines).toContainEqual(expect.stringContaining(line))
    if (line.startsWith('fail')) expect(isWell).toBe(false)
    expect(lines.join('\n')).not.toMatch(/another-key|a-key-of/)
  }
})

test('says what somebody should know of a Redis that answers', async () => {
  const redis = await startRedis()
  await (await openAdmin(redis.url)).call('REPLICAOF', '127.0.0.1', '1')
  const { now } = Date
  opened(
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 5000),
    (it) => it.mockRestore(),
  )
  const { isWell, lines } = await report({ ...good, REDIS_URL: redis.url })
  expect(isWell).toBe(false)
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^fail {2}REDIS_URL: this is a replica, which takes no writes; name the primary$/),
      expect.stringMatching(/^warn {2}REDIS_URL: no maxmemory: Redis grows until the system ends it;/),
      expect.stringMatching(/^warn {2}REDIS_URL: its clock and that of this machine are (4\.9|5\.\d) s apart;/),
    ]),
  )
})

test('says that few files can be open, and exits with 0, since that is no failure', async () => {
  const args = ['-c', 'ulimit -n 500 && exec "$0" src/main.ts doctor', process.execPath]
  const env = { PATH: process.env['PATH'], DATA_DIR: 'memory', PORT: '0' }
  const { stdout } = await promisify(execFile)('bash', args, { cwd: root, env })
  expect(stdout).toMatch(/^warn {2}open files: 500, and each connection takes one; raise it with ulimit -n 65536$/m)
})
