import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { problems } from './problems.ts'

const defaults = {
  port: 4000,
  host: '127.0.0.1',
  apiKeys: [],
  accounts: null,
  tokenSecret: null,
  redisUrl: null,
  defaultModel: 'demo',
  secretsKeys: [],
  providers: { openai: null, anthropic: null, compatible: null },
  modelPrices: {},
  modelConcurrency: 100,
  modelSilenceMs: 180_000,
  workerConcurrency: 50,
  dispatchesPerMinute: 6000,
  runningDispatches: null,
  providerLimits: {
    openai: { requestsPerMinute: null, tokensPerMinute: null },
    anthropic: { requestsPerMinute: null, tokensPerMinute: null },
    compatible: { requestsPerMinute: null, tokensPerMinute: null },
  },
  tokensPerDay: { all: null, accounts: {} },
  costPerDay: { all: null, accounts: {} },
  subscriptionsPerConnection: 1000,
  subscriptionsPerAccount: 20_000,
  connectionsPerAddress: 20_000,
  clientAddressHeader: null,
  trustedProxies: [],
  maxRequestBytes: 8_000_000,
  corsOrigins: [],
  keepAliveSeconds: 75,
  introspection: true,
  graphiql: true,
  aiSdkPath: '/ai-sdk/chat',
  console: true,
  defaultLimits: { iterations: 100, continuations: 20, calls: 1000 },
  fetchAllow: [],
  webhookTimeoutMs: 15_000,
  leaseMs: 5000,
  retentionSeconds: 86_400,
  recordRetentionSeconds: 2_592_000,
  dataDir: './backchannel-data',
  dataBytes: null,
  storedBytesPerAccount: null,
  shutdownGraceMs: 25_000,
  shutdownDrainMs: 500,
  logLevel: 'info',
  metrics: null,
  traces: null,
}

test('without variables there is a complete, frozen configuration', () => {
  const config = readConfig({}, 'all')
  expect(config).toEqual(defaults)
  expect(Object.isFrozen(config)).toBe(true)
})

test('an empty variable counts as absent', () => {
  const names = ['PORT', 'HOST', 'REDIS_URL', 'DEFAULT_MODEL', 'WORKER_CONCURRENCY', 'LEASE_MS', 'RETENTION_SECONDS']
  const more = [
    'RECORD_RETENTION_SECONDS',
    'DATA_DIR',
    'DATA_BYTES',
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
    HOST: '0.0.0.0',
    API_KEYS: 'acme:acme-key-with-a-colon:in-it, acme:the-next-key-of-acme,local:key-of-the-local-one',
    TOKEN_SECRET: 'thirty-two-characters-are-enough',
    REDIS_URL: 'rediss://user:secret@redis.example:6380/2',
    DEFAULT_MODEL: 'demo/words=5',
    SECRETS_KEY: `${'00ff'.repeat(16)}, //////////////////////////////////////////8=`,
    OPENAI_API_KEY: 'sk-1',
    OPENAI_BASE_URL: 'https://openai.example/v1',
    ANTHROPIC_API_KEY: 'sk-2',
    OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:11434/v1',
    OPENAI_COMPATIBLE_API_KEY: 'sk-3',
    MODEL_PRICES: '{"demo":{"input":1,"cachedInput":0,"output":2}}',
    MODEL_CONCURRENCY: '9',
    MODEL_SILENCE_SECONDS: '30',
    WORKER_CONCURRENCY: '7',
    DISPATCHES_PER_MINUTE: '0',
    TOKENS_PER_DAY: '1000000, acme:5000000, free:0',
    COST_PER_DAY: 'acme:2.5',
    RUNNING_DISPATCHES: '3',
    OPENAI_REQUESTS_PER_MINUTE: '500',
    OPENAI_TOKENS_PER_MINUTE: '30000',
    ANTHROPIC_REQUESTS_PER_MINUTE: '50',
    ANTHROPIC_TOKENS_PER_MINUTE: '40000',
    OPENAI_COMPATIBLE_REQUESTS_PER_MINUTE: '5',
    OPENAI_COMPATIBLE_TOKENS_PER_MINUTE: '6000',
    SUBSCRIPTIONS_PER_CONNECTION: '4',
    SUBSCRIPTIONS_PER_ACCOUNT: '5',
    CONNECTIONS_PER_ADDRESS: '6',
    CLIENT_ADDRESS_HEADER: 'X-Forwarded-For',
    TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1',
    MAX_REQUEST_BYTES: '1000',
    CORS_ORIGINS: 'https://app.example.com, http://10.0.0.7:3000',
    KEEP_ALIVE_SECONDS: '620',
    INTROSPECTION: 'off',
    GRAPHIQL: 'off',
    AI_SDK_PATH: '/api/chat',
    CONSOLE: 'off',
    DEFAULT_ITERATIONS: '1',
    DEFAULT_CONTINUATIONS: '0',
    DEFAULT_CALLS: '5',
    FETCH_ALLOW: 'crm.internal, 10.0.0.7:8080,[::1]:9000',
    WEBHOOK_TIMEOUT_MS: '2000',
    LEASE_MS: '2000',
    RETENTION_SECONDS: '60',
    RECORD_RETENTION_SECONDS: '60',
    DATA_DIR: '/var/lib/backchannel',
    DATA_BYTES: '1000000',
    STORED_BYTES_PER_ACCOUNT: '2000000',
    SHUTDOWN_GRACE_MS: '0',
    SHUTDOWN_DRAIN_MS: '0',
    LOG_LEVEL: 'silent',
    METRICS_PORT: '9464',
    METRICS_HOST: '10.0.0.9',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example:4318',
    OTEL_SERVICE_NAME: 'chat',
    UNRELATED: 'left alone',
  }
  expect(readConfig(env, 'worker')).toEqual({
    port: 0,
    host: '0.0.0.0',
    apiKeys: [
      { account: 'acme', secret: 'acme-key-with-a-colon:in-it' },
      { account: 'acme', secret: 'the-next-key-of-acme' },
      { account: 'local', secret: 'key-of-the-local-one' },
    ],
    accounts: null,
    tokenSecret: 'thirty-two-characters-are-enough',
    redisUrl: 'rediss://user:secret@redis.example:6380/2',
    defaultModel: 'demo/words=5',
    secretsKeys: [Buffer.alloc(32, '\x00\xff', 'latin1'), Buffer.alloc(32, 255)],
    providers: {
      openai: { apiKey: 'sk-1', baseUrl: 'https://openai.example/v1' },
      anthropic: { apiKey: 'sk-2', baseUrl: undefined },
      compatible: { baseUrl: 'http://127.0.0.1:11434/v1', apiKey: 'sk-3' },
    },
    modelPrices: { demo: { input: 1, cachedInput: 0, output: 2, reasoning: 2 } },
    modelConcurrency: 9,
    modelSilenceMs: 30_000,
    workerConcurrency: 7,
    dispatchesPerMinute: 0,
    runningDispatches: 3,
    providerLimits: {
      openai: { requestsPerMinute: 500, tokensPerMinute: 30_000 },
      anthropic: { requestsPerMinute: 50, tokensPerMinute: 40_000 },
      compatible: { requestsPerMinute: 5, tokensPerMinute: 6000 },
    },
    tokensPerDay: { all: 1_000_000, accounts: { acme: 5_000_000, free: null } },
    costPerDay: { all: null, accounts: { acme: 2.5 } },
    subscriptionsPerConnection: 4,
    subscriptionsPerAccount: 5,
    connectionsPerAddress: 6,
    clientAddressHeader: 'x-forwarded-for',
    trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
    maxRequestBytes: 1000,
    corsOrigins: ['https://app.example.com', 'http://10.0.0.7:3000'],
    keepAliveSeconds: 620,
    introspection: false,
    graphiql: false,
    aiSdkPath: '/api/chat',
    console: false,
    defaultLimits: { iterations: 1, continuations: 0, calls: 5 },
    fetchAllow: ['crm.internal', '10.0.0.7:8080', '[::1]:9000'],
    webhookTimeoutMs: 2000,
    leaseMs: 2000,
    retentionSeconds: 60,
    recordRetentionSeconds: 60,
    dataDir: '/var/lib/backchannel',
    dataBytes: 1_000_000,
    storedBytesPerAccount: 2_000_000,
    shutdownGraceMs: 0,
    shutdownDrainMs: 0,
    logLevel: 'silent',
    metrics: { host: '10.0.0.9', port: 9464 },
    traces: { endpoint: 'http://collector.example:4318', serviceName: 'chat' },
  })
})

const networkForm = 'takes IP addresses and networks such as 10.0.0.0/8, with commas between'
const originForm =
  'takes origins such as https://app.example.com or capacitor://localhost, without a path, with commas between, or *'
// Without the value: it is a key, or nearly one.
const oneServer = 'takes the address of one server: a Redis Cluster is not used, and Sentinels are not asked'
const keyForm = 'takes 32 random bytes in base64 or as 64 hex digits, or several of them with commas between'

describe('a wrong variable is named with its accepted values', () => {
  test.for([
    ['PORT', '65536', 'takes a whole number from 0 to 65535'],
    ['PORT', '-1', 'takes a whole number from 0 to 65535'],
    ['PORT', '4000.5', 'takes a whole number from 0 to 65535'],
    ['PORT', ' 4000', 'takes a whole number from 0 to 65535'],
    ['WORKER_CONCURRENCY', '0', 'takes a whole number from 1 to 10000'],
    ['DEFAULT_ITERATIONS', '0', 'takes a whole number from 1 to 1000'],
    ['DISPATCHES_PER_MINUTE', '-1', 'takes a whole number from 0 to 1000000'],
    ['CLIENT_ADDRESS_HEADER', 'x-forwarded-for:', 'takes the name of a header'],
    ['TRUSTED_PROXIES', '10.0.0.0/33', networkForm],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8', networkForm],
    ['TRUSTED_PROXIES', 'fe80::/', networkForm],
    ['TRUSTED_PROXIES', 'proxy.example', networkForm],
    ['CORS_ORIGINS', 'app.example.com', originForm],
    ['CORS_ORIGINS', 'https://app.example.com/', originForm],
    ['CORS_ORIGINS', 'https://app.example.com:443', originForm],
    ['CORS_ORIGINS', 'null', originForm],
    ['CORS_ORIGINS', 'file://', originForm],
    ['CORS_ORIGINS', 'app://', originForm],
    ['CORS_ORIGINS', 'app://page/path', originForm],
    ['CORS_ORIGINS', '*', 'takes * only along with API_KEYS: without them, any page that is visited could act'],
    ['INTROSPECTION', 'false', 'takes on or off'],
    ['FETCH_ALLOW', 'http://crm.internal', 'takes hosts, or host:port, with commas between'],
    ['LEASE_MS', '999', 'takes a whole number from 1000 to 600000'],
    ['RETENTION_SECONDS', '0', 'takes a whole number from 1 to 31536000'],
    ['RECORD_RETENTION_SECONDS', '1e9', 'takes a whole number from 1 to 315360000'],
    ['DATA_BYTES', '10', 'takes a whole number from 1000000 to 64000000000000'],
    ['SHUTDOWN_DRAIN_MS', '-1', 'takes a whole number from 0 to 600000'],
    ['SHUTDOWN_GRACE_MS', '600001', 'takes a whole number from 0 to 600000'],
    ['SECRETS_KEY', 'ab'.repeat(31), keyForm],
    ['SECRETS_KEY', `${'ab'.repeat(32)},hunter2`, keyForm],
    ['SECRETS_KEY', `${'ab'.repeat(32)},`, keyForm],
    ['TOKEN_SECRET', 'thirty-one-characters-are-short', 'takes at least 32 characters'],
    ['LOG_LEVEL', 'loud', 'takes one of fatal, error, warn, info, debug, trace, silent'],
    ['REDIS_URL', 'localhost:6379', 'takes a redis:// or rediss:// URL'],
    ...['redis://h:1,i:2', 'rediss://h,i/0', 'redis://u:p,q@h:1,u:p@i:2', 'redis+sentinel://h:26379/primary'].map(
      (urls) => ['REDIS_URL', urls, oneServer] as const,
    ),
    ['REDIS_URL', 'http://localhost', 'takes a redis:// or rediss:// URL'],
    ['REDIS_URL', 'redis://h/name', 'takes a redis:// or rediss:// URL whose path is the number of a database'],
    ['REDIS_URL', 'redis://h/-1', 'takes a redis:// or rediss:// URL whose path is the number of a database'],
    ['REDIS_URL', 'redis://h/?db=x', 'takes a redis:// or rediss:// URL whose path is the number of a database'],
  ] as const)('%s=%s', ([name, value, message]) => {
    expect(problems({ [name]: value })).toEqual([`${name}: ${message}`])
  })

  test('all of them at once', () => {
    const env = { PORT: 'x', HOST: '0.0.0.0', REDIS_URL: 'x', LEASE_MS: 'x', LOG_LEVEL: 'x' }
    expect(problems(env).map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'REDIS_URL',
      'LEASE_MS',
      'LOG_LEVEL',
      'HOST',
    ])
  })

  test('including variables that contradict each other', () => {
    const given = { PORT: 'x', RETENTION_SECONDS: '100', RECORD_RETENTION_SECONDS: '99', TRUSTED_PROXIES: '::1' }
    expect(problems(given, 'api')).toEqual([
      'PORT: takes a whole number from 0 to 65535',
      'REDIS_URL: is needed, because API and workers that run apart meet in Redis',
      'CLIENT_ADDRESS_HEADER: is needed, because TRUSTED_PROXIES alone names no header to read',
      'RECORD_RETENTION_SECONDS: must not be shorter than RETENTION_SECONDS',
    ])
  })

  test('also when a default contradicts a variable', () => {
    expect(problems({ RETENTION_SECONDS: '31536000' })).toEqual([
      'RECORD_RETENTION_SECONDS: must not be shorter than RETENTION_SECONDS',
    ])
  })
})

test.for(['api', 'worker'] as const)('a separate %s needs Redis', (role) => {
  const needed = ['REDIS_URL: is needed, because API and workers that run apart meet in Redis']
  expect(problems({}, role)).toEqual(needed)
  expect(problems({ REDIS_URL: '' }, role)).toEqual(needed)
  expect(problems({ REDIS_URL: 'redis://127.0.0.1' }, role)).toEqual([])
})

test.for(['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.example.com', '127.0.0.1.example.com'])(
  'HOST=%s would let others in and is refused',
  (host) => {
    expect(problems({ HOST: host })).toEqual([
      'HOST: takes a loopback address as long as there are no API_KEYS: no other is safe without them',
    ])
  },
)

test.for(['localhost', '::1', '127.0.0.1', '127.1.2.3'])('HOST=%s means this machine only', (host) => {
  expect(readConfig({ HOST: host }, 'all').host).toBe(host)
})
