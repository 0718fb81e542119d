import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { startApp } from '../../src/app.ts'
import { examine } from '../../src/cli/doctor.ts'
import { type Role, readConfig } from '../../src/config/config.ts'
import { secretsOf } from '../../src/config/secrets.ts'
import { createLogger } from '../../src/telemetry/logger.ts'
import { opened } from '../support/lifetime/opened.ts'
import { startRedis } from '../support/redis/redis-server.ts'
import { openAdmin } from '../support/redis/redis-users.ts'
import { startTlsRedis } from '../support/redis/tls-redis.ts'

// A process waits for Redis for ten seconds; the cases do it side by side.
vi.setConfig({ testTimeout: 120_000 })

type Env = Readonly<Record<string, string>>

/** What a process says that is started so, and all that it has logged until then. */
async function startedWith(env: Env, role: Role = 'all'): Promise<{ problem: string; log: string }> {
  const lines: string[] = []
  try {
    const config = readConfig({ PORT: '0', ...env }, role)
    const destination = { write: (line: string) => void lines.push(line) }
    const app = await startApp({
      config,
      role,
      logger: createLogger('info', { secrets: secretsOf(config), destination }),
    })
    await app.close()
    return { problem: 'none', log: lines.join('') }
  } catch (error) {
    // What main.ts prints of such an error; of any other it prints the stack.
    const isExpected = error instanceof Error && ('code' in error || error.name === 'ConfigError')
    return { problem: isExpected ? error.message : `a stack trace: ${error}`, log: lines.join('') }
  }
}

/** What `doctor` prints for such an environment. */
async function examined(env: Env): Promise<{ isWell: boolean; lines: readonly string[] }> {
  const lines: string[] = []
  const isWell = await examine({ PORT: '0', ...env }, (line) => lines.push(line))
  return { isWell, lines }
}

const secret = 'hunter2-and-more'
const unescaped = /^ {2}REDIS_URL: takes a URL whose user and password are percent-encoded: @ is %40/m

/** A wrong setting, the line that it gets, and the role if it matters. */
const mistakes: readonly (readonly [Env, RegExp, Role?])[] = [
  [{ PORT: 'http' }, /^ {2}PORT: takes a whole number from 0 to 65535$/m],
  [{ HOST: 'http://127.0.0.1:4000' }, /^ {2}HOST: takes an address or a host name, without scheme and port$/m],
  [{ HOST: '0.0.0.0' }, /^ {2}HOST: takes a loopback address as long as there are no API_KEYS/m],
  [{ HOST: '192.0.2.1', API_KEYS: `acme:${secret}` }, /^PORT: this machine has no address 192\.0\.2\.1; set HOST/],
  [{ PORT: '9464', METRICS_PORT: '9464' }, /^ {2}METRICS_PORT: takes another port than PORT$/m],
  [{ API_KEYS: secret }, /^ {2}API_KEYS: entry 1 has no secret of 16 to 1024 visible ASCII characters after a colon$/m],
  [{ API_KEYS: `acme:${secret.slice(0, 8)}` }, /^ {2}API_KEYS: entry 1 has no secret of 16 to 1024/m],
  [{ TOKEN_SECRET: secret }, /^ {2}TOKEN_SECRET: takes at least 32 characters$/m],
  [{ SECRETS_KEY: secret }, /^ {2}SECRETS_KEY: takes 32 random bytes in base64/m],
  [{ REDIS_URL: '127.0.0.1:6379' }, /^ {2}REDIS_URL: takes a redis:\/\/ or rediss:\/\/ URL$/m],
  [
    { REDIS_URL: `redis://u:${secret}@127.0.0.1:1,u:${secret}@127.0.0.1:2` },
    /^ {2}REDIS_URL: takes the address of one server: /m,
  ],
  [{ REDIS_URL: `redis://:${secret}@x@127.0.0.1` }, unescaped],
  [{ REDIS_URL: `redis://:${secret}#x@127.0.0.1` }, unescaped],
  [{ REDIS_URL: `redis://u:12/${secret}@127.0.0.1` }, unescaped],
  [{ REDIS_URL: `redis://:${secret}%zz@127.0.0.1` }, unescaped],
  [{ REDIS_URL: 'redis://127.0.0.1/queue' }, /^ {2}REDIS_URL: takes .* whose path is the number of a database$/m],
  [{}, /^ {2}REDIS_URL: is needed, because API and workers that run apart meet in Redis$/m, 'worker'],
  [
    { DEFAULT_MODEL: 'llama3.2' },
    /^DEFAULT_MODEL: There is no model "llama3\.2"\..* such as .*compatible:llama3\.2\.$/,
  ],
  [{ DEFAULT_MODEL: 'openai:gpt-5.4' }, /^DEFAULT_MODEL: .*OPENAI_API_KEY is not set\./],
  [{ DEFAULT_MODEL: 'demo/words=many' }, /^DEFAULT_MODEL: The model "demo" takes as words a whole number/],
  [
    { OPENAI_API_KEY: `"${secret}"` },
    /^ {2}OPENAI_API_KEY: takes the key alone: visible ASCII, without spaces and quotes$/m,
  ],
  [{ ANTHROPIC_API_KEY: `${secret}\n` }, /^ {2}ANTHROPIC_API_KEY: takes the key alone/m],
  [
    { OPENAI_COMPATIBLE_BASE_URL: 'localhost:11434/v1' },
    /^ {2}OPENAI_COMPATIBLE_BASE_URL: takes an http:\/\/ or https:\/\/ URL$/m,
  ],
  [
    { OPENAI_COMPATIBLE_BASE_URL: 'http://localhost:11434/v1/chat/completions' },
    /^ {2}OPENAI_COMPATIBLE_BASE_URL: takes the URL of the API, such as .* without the path of an endpoint$/m,
  ],
  [{ DATA_DIR: '/dev/null' }, /^DATA_DIR \/dev\/null: it is no folder; name another folder\.$/],
  [{ DATA_DIR: '/dev/null/data' }, /^DATA_DIR \/dev\/null\/data: \/dev\/null is no folder; name another folder\.$/],
  [{ LEASE_MS: '5' }, /^ {2}LEASE_MS: takes a whole number from 1000 to 600000$/m],
  [{ LOG_LEVEL: 'verbose' }, /^ {2}LOG_LEVEL: takes one of fatal, error, warn/m],
  [
    { CORS_ORIGINS: 'https://app.example.com/' },
    /^ {2}CORS_ORIGINS: takes origins such as https:\/\/app\.example\.com/m,
  ],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    /^ {2}OTEL_EXPORTER_OTLP_ENDPOINT: takes an http:\/\/ or https:\/\/ URL$/m,
  ],
]

function expectOneLine({ problem, log }: { problem: string; log: string }, line: RegExp): void {
  expect(problem).toMatch(line)
  expect(problem.replace(/^The configuration is wrong:\n/, '').split('\n')).toHaveLength(1)
  for (const text of [problem, log]) {
    expect(text).not.toMatch(/\n {4}at |"stack"/)
    for (let i = 0; i + 6 <= secret.length; i += 1) expect(text).not.toContain(secret.slice(i, i + 6))
  }
}

/** `doctor` fails, and says the line that the start says; only what it can know from elsewhere it says in its own words. */
function expectNamed({ isWell, lines }: { isWell: boolean; lines: readonly string[] }, line: RegExp): void {
  expect(isWell).toBe(false)
  const failed = lines.filter((each) => each.startsWith('fail  ')).map((each) => each.slice('fail  '.length))
  expect(failed).toHaveLength(1)
  expect(failed[0]).toMatch(new RegExp(line.source.replace(/^\^(?: \{2\})?/, '^'), line.flags))
  for (let i = 0; i + 6 <= secret.length; i += 1) expect(lines.join('\n')).not.toContain(secret.slice(i, i + 6))
}

test.for(mistakes)('%j gets one line with what to do, at the start and from doctor', async ([env, line, role]) => {
  expectOneLine(await startedWith(env, role), line)
  if (role === undefined) expectNamed(await examined(env), line)
})

test('doctor, which examines no single role, says that api and worker need Redis', async () => {
  const { isWell, lines } = await examined({})
  expect(isWell).toBe(true)
  expect(lines).toContainEqual(expect.stringMatching(/^warn {2}REDIS_URL: absent; .*`api` and `worker` do not start$/))
})

test('a Redis that cannot be used gets one line with what to do, at the start, at each try, and from doctor', async () => {
  const [guarded, open, tls] = await Promise.all([startRedis(), startRedis(), startTlsRedis('no')])
  await (await openAdmin(guarded.url)).config('SET', 'requirepass', 'sesame')
  const web = opened(createServer((_request, response) => void response.end('Hello')))
  await once(web.listen(0, '127.0.0.1'), 'listening')
  const at = ({ url }: { readonly url: string }, credentials = '') => url.replace('//', `//${credentials}`)
  const cannot = 'REDIS_URL: Redis cannot be reached at \\S+'
  const cases: readonly (readonly [string, string])[] = [
    [at(guarded, `:${secret}@`), 'REDIS_URL: Redis at \\S+ refuses the connection: user or password is wrong\\.'],
    [at(guarded, `nobody:${secret}@`), 'REDIS_URL: Redis at \\S+ refuses the connection: user or password is wrong\\.'],
    [at(guarded), 'REDIS_URL: Redis at \\S+ refuses the connection: it wants a password; put it into the URL'],
    ['redis://127.0.0.1:1', `${cannot} \\(ECONNREFUSED\\): nothing listens there; check host and port`],
    ['redis://redis.invalid', `${cannot} \\((ENOTFOUND|EAI_AGAIN)\\): there is no such host; check its name\\.`],
    [
      `redis://127.0.0.1:${(web.address() as AddressInfo).port}`,
      `${cannot}: it is no Redis, .*; if it wants TLS, use rediss:`,
    ],
    [at(open).replace('redis:', 'rediss:'), `${cannot}: .*; if it has no TLS, use redis:`],
    [
      `rediss://127.0.0.1:${tls.tlsPort}`,
      `${cannot} \\(\\w+\\): its certificate is not trusted; name the file of its CA in NODE_EXTRA_CA_CERTS`,
    ],
    [
      `rediss://127.0.0.1:${tls.tlsPort}/0?rejectUnauthorized=false`,
      `${cannot} \\(\\w+\\): its certificate is not trusted; name the file of its CA in NODE_EXTRA_CA_CERTS`,
    ],
    [`${open.url}/99`, 'REDIS_URL: Redis has no database 99: ERR DB index is out of range\\.'],
  ]
  await Promise.all(
    cases.map(async ([REDIS_URL, words]) => {
      const line = new RegExp(`^${words}`)
      const [started, named] = await Promise.all([startedWith({ REDIS_URL }), examined({ REDIS_URL })])
      expectOneLine(started, line)
      expectNamed(named, line)
    }),
  )
})
