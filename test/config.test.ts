import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

function problems(env: NodeJS.ProcessEnv, role: 'all' | 'api' | 'worker' = 'all'): readonly string[] {
  try {
    readConfig(env, role)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [title, ...lines] = error.message.split('\n')
    expect(title).toBe('The configuration is wrong:')
    return lines.map((line) => line.trim())
  }
  return []
}

const defaults = {
  port: 4000,
  host: '127.0.0.1',
  redisUrl: null,
  defaultModel: 'demo',
  secretsKeys: [],
  openai: null,
  anthropic: null,
  compatible: null,
  modelConcurrency: 100,
  modelSilenceMs: 180_000,
  workerConcurrency: 50,
  defaultLimits: { iterations: 100, continuations: 20, calls: 1000 },
  fetchAllow: [],
  leaseMs: 5000,
  retentionSeconds: 86_400,
  recordRetentionSeconds: 2_592_000,
  memoryBytes: 256_000_000,
  shutdownGraceMs: 5000,
  shutdownDrainMs: 500,
  logLevel: 'info',
}

test('without any variable there is a whole configuration, and no one changes it', () => {
  const config = readConfig({}, 'all')
  expect(config).toEqual(defaults)
  expect(Object.isFrozen(config)).toBe(true)
})

test('an empty variable counts as absent', () => {
  const names = ['PORT', 'HOST', 'REDIS_URL', 'DEFAULT_MODEL', 'WORKER_CONCURRENCY', 'LEASE_MS', 'RETENTION_SECONDS']
  const more = [
    'RECORD_RETENTION_SECONDS',
    'MEMORY_BYTES',
    'SHUTDOWN_GRACE_MS',
    'SHUTDOWN_DRAIN_MS',
    'LOG_LEVEL',
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
  ]
  expect(readConfig(Object.fromEntries([...names, ...more].map((name) => [name, ''])), 'all')).toEqual(defaults)
})

test('every variable is read', () => {
  const env = {
    PORT: '0',
    HOST: '::1',
    REDIS_URL: 'rediss://user:secret@redis.example:6380/2',
    DEFAULT_MODEL: 'demo/words=5',
    SECRETS_KEY: `${'00ff'.repeat(16)}, //////////////////////////////////////////8=`,
    OPENAI_API_KEY: 'sk-1',
    OPENAI_BASE_URL: 'https://openai.example/v1',
    ANTHROPIC_API_KEY: 'sk-2',
    OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:11434/v1',
    OPENAI_COMPATIBLE_API_KEY: 'sk-3',
    MODEL_CONCURRENCY: '9',
    MODEL_SILENCE_SECONDS: '30',
    WORKER_CONCURRENCY: '7',
    DEFAULT_ITERATIONS: '1',
    DEFAULT_CONTINUATIONS: '0',
    DEFAULT_CALLS: '5',
    FETCH_ALLOW: 'crm.internal, 10.0.0.7:8080,[::1]:9000',
    LEASE_MS: '2000',
    RETENTION_SECONDS: '60',
    RECORD_RETENTION_SECONDS: '60',
    MEMORY_BYTES: '1000000',
    SHUTDOWN_GRACE_MS: '0',
    SHUTDOWN_DRAIN_MS: '0',
    LOG_LEVEL: 'silent',
    UNRELATED: 'left alone',
  }
  expect(readConfig(env, 'worker')).toEqual({
    port: 0,
    host: '::1',
    redisUrl: 'rediss://user:secret@redis.example:6380/2',
    defaultModel: 'demo/words=5',
    secretsKeys: [Buffer.alloc(32, '\x00\xff', 'latin1'), Buffer.alloc(32, 255)],
    openai: { apiKey: 'sk-1', baseUrl: 'https://openai.example/v1' },
    anthropic: { apiKey: 'sk-2', baseUrl: undefined },
    compatible: { baseUrl: 'http://127.0.0.1:11434/v1', apiKey: 'sk-3' },
    modelConcurrency: 9,
    modelSilenceMs: 30_000,
    workerConcurrency: 7,
    defaultLimits: { iterations: 1, continuations: 0, calls: 5 },
    fetchAllow: ['crm.internal', '10.0.0.7:8080', '[::1]:9000'],
    leaseMs: 2000,
    retentionSeconds: 60,
    recordRetentionSeconds: 60,
    memoryBytes: 1_000_000,
    shutdownGraceMs: 0,
    shutdownDrainMs: 0,
    logLevel: 'silent',
  })
})

// Without the value: it is a key, or nearly one.
const keyForm = 'takes 32 random bytes in base64 or as 64 hex digits, or several of them with commas between'

describe('a variable that is wrong is named with what it takes', () => {
  test.for([
    ['PORT', '65536', 'takes a whole number from 0 to 65535'],
    ['PORT', '-1', 'takes a whole number from 0 to 65535'],
    ['PORT', '4000.5', 'takes a whole number from 0 to 65535'],
    ['PORT', ' 4000', 'takes a whole number from 0 to 65535'],
    ['WORKER_CONCURRENCY', '0', 'takes a whole number from 1 to 10000'],
    ['DEFAULT_ITERATIONS', '0', 'takes a whole number from 1 to 1000'],
    ['FETCH_ALLOW', 'http://crm.internal', 'takes hosts, or host:port, with commas between'],
    ['LEASE_MS', '999', 'takes a whole number from 1000 to 600000'],
    ['RETENTION_SECONDS', '0', 'takes a whole number from 1 to 31536000'],
    ['RECORD_RETENTION_SECONDS', '1e9', 'takes a whole number from 1 to 315360000'],
    ['MEMORY_BYTES', '10', 'takes a whole number from 1000000 to 64000000000'],
    ['SHUTDOWN_DRAIN_MS', '-1', 'takes a whole number from 0 to 600000'],
    ['SHUTDOWN_GRACE_MS', '600001', 'takes a whole number from 0 to 600000'],
    ['SECRETS_KEY', 'ab'.repeat(31), keyForm],
    ['SECRETS_KEY', `${'ab'.repeat(32)},hunter2`, keyForm],
    ['SECRETS_KEY', `${'ab'.repeat(32)},`, keyForm],
    ['LOG_LEVEL', 'loud', 'takes one of fatal, error, warn, info, debug, trace, silent'],
    ['REDIS_URL', 'localhost:6379', 'takes a redis:// or rediss:// URL'],
    ['REDIS_URL', 'http://localhost', 'takes a redis:// or rediss:// URL'],
  ] as const)('%s=%s', ([name, value, message]) => {
    expect(problems({ [name]: value })).toEqual([`${name}: ${message}`])
  })

  test('all of them at once', () => {
    const env = { PORT: 'x', HOST: '0.0.0.0', REDIS_URL: 'x', LEASE_MS: 'x', LOG_LEVEL: 'x' }
    expect(problems(env).map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'HOST',
      'REDIS_URL',
      'LEASE_MS',
      'LOG_LEVEL',
    ])
  })

  test('the ones that contradict each other among them', () => {
    expect(problems({ PORT: 'x', RETENTION_SECONDS: '100', RECORD_RETENTION_SECONDS: '99' }, 'api')).toEqual([
      'PORT: takes a whole number from 0 to 65535',
      'REDIS_URL: is needed, because API and workers that run apart meet in Redis',
      'RECORD_RETENTION_SECONDS: must not be shorter than RETENTION_SECONDS',
    ])
  })

  test('also where a default is what contradicts', () => {
    expect(problems({ RETENTION_SECONDS: '31536000' })).toEqual([
      'RECORD_RETENTION_SECONDS: must not be shorter than RETENTION_SECONDS',
    ])
  })
})

test.for(['api', 'worker'] as const)('an %s alone needs Redis', (role) => {
  const needed = ['REDIS_URL: is needed, because API and workers that run apart meet in Redis']
  expect(problems({}, role)).toEqual(needed)
  expect(problems({ REDIS_URL: '' }, role)).toEqual(needed)
  expect(problems({ REDIS_URL: 'redis://127.0.0.1' }, role)).toEqual([])
})

test.for(['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.example.com', '127.0.0.1.example.com'])(
  'HOST=%s would let others in and is refused',
  (host) => {
    expect(problems({ HOST: host })).toEqual([
      'HOST: takes a loopback address: without API keys, which this release does not have, no other is safe',
    ])
  },
)

test.for(['localhost', '::1', '127.0.0.1', '127.1.2.3'])('HOST=%s is this machine alone', (host) => {
  expect(readConfig({ HOST: host }, 'all').host).toBe(host)
})
