import { z } from 'zod'
import type { ApiKey } from '../access/principal.ts'
import type { AccountId } from '../kernel/ids.ts'
import { isLoopback } from '../kernel/loopback.ts'

/** What this process does. */
export type Role = 'all' | 'api' | 'worker'

export interface Config {
  readonly port: number
  readonly host: string
  /** None: only loopback is listened on, and there is one local account. */
  readonly apiKeys: readonly ApiKey[]
  /** Signs channel tokens. Null: a secret of this process alone, or no channel tokens on Redis. */
  readonly tokenSecret: string | null
  /** Null: the embedded engine, in this process's memory. */
  readonly redisUrl: string | null
  readonly defaultModel: string
  /** 32 bytes each; the first seals secrets, all open them. None: a key of this process alone, or no secrets on Redis. */
  readonly secretsKeys: readonly Uint8Array[]
  /** By the names of the registry in models/providers.ts. Null: not configured. */
  readonly providers: {
    readonly openai: ProviderConfig | null
    readonly anthropic: ProviderConfig | null
    readonly compatible: { readonly baseUrl: string; readonly apiKey: string | undefined } | null
  }
  /** Model calls in flight per provider and process. */
  readonly modelConcurrency: number
  /** A model that says nothing for so long is given up, and asked again. */
  readonly modelSilenceMs: number
  /** Runs that one worker process has in hand at once. */
  readonly workerConcurrency: number
  /** Of one account, across processes; 0: no limit. So are the other limits. */
  readonly dispatchesPerMinute: number
  /** That run at once, of one account, across processes. Those beyond stay queued. */
  readonly runningDispatches: number
  /** On one WebSocket connection. */
  readonly subscriptionsPerConnection: number
  /** In one process. */
  readonly subscriptionsPerAccount: number
  /** In one process. */
  readonly connectionsPerAddress: number
  /** The header in which a proxy names the client's address; null: whoever connects is the client. */
  readonly clientAddressHeader: string | null
  /** Of a body or a WebSocket message. */
  readonly maxRequestBytes: number
  /** Pages of these origins may call, besides our own and this machine's; `*` is all. */
  readonly corsOrigins: readonly string[]
  readonly introspection: boolean
  readonly graphiql: boolean
  /** What bounds a run when its dispatch does not say. */
  readonly defaultLimits: { readonly iterations: number; readonly continuations: number; readonly calls: number }
  /** Hosts inside that abilities and attachments may reach: `host` or `host:port`. */
  readonly fetchAllow: readonly string[]
  /** A worker that has not been heard of for so long is judged dead. */
  readonly leaseMs: number
  /** How long a log outlives its run's ending. */
  readonly retentionSeconds: number
  /** How long a run's record does. */
  readonly recordRetentionSeconds: number
  /** What the embedded engine's logs may hold together, in characters; beyond it the oldest ended ones go. */
  readonly memoryBytes: number
  /** How long runs of the embedded engine may go on after SIGTERM. */
  readonly shutdownGraceMs: number
  /** How long an API process serves on after SIGTERM, while its readiness is down already. */
  readonly shutdownDrainMs: number
  readonly logLevel: (typeof logLevels)[number]
  /** Where `/metrics` is served, by every process. Null: nothing is counted. */
  readonly metrics: { readonly host: string; readonly port: number } | null
  /** Where spans are sent by OTLP over HTTP. Null: there are none. */
  readonly traces: { readonly endpoint: string; readonly serviceName: string } | null
}

export interface ProviderConfig {
  readonly apiKey: string
  /** Undefined: the provider's own. */
  readonly baseUrl: string | undefined
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

function wholeNumber(fallback: number, [from, to]: readonly [number, number]) {
  const message = `takes a whole number from ${from} to ${to}`
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= from && value <= to, message)
    .default(fallback)
}

/** The message does not repeat the text: it is a key, or nearly one. */
function parseKeys(text: string, context: z.core.$RefinementCtx<string>): readonly Uint8Array[] {
  const keys = text.split(',').map((part) => {
    const key = part.trim()
    if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex')
    return /^[\w+/-]{43}=?$/.test(key) ? Buffer.from(key, 'base64') : null
  })
  if (keys.every((key) => key !== null)) return keys
  const message = 'takes 32 random bytes in base64 or as 64 hex digits, or several of them with commas between'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

/** The messages name entries by their number: a text that is wrong may be a secret. */
function parseApiKeys(text: string, context: z.core.$RefinementCtx<string>): readonly ApiKey[] {
  const keys = text.split(',').map((part) => {
    const [account = '', ...rest] = part.trim().split(':')
    return { account: account as AccountId, secret: rest.join(':') }
  })
  for (const [index, { account, secret }] of keys.entries()) {
    const refuse = (problem: string) => context.addIssue({ code: 'custom', message: `entry ${index + 1} ${problem}` })
    if (!/^[a-z0-9_-]{1,64}$/.test(account)) refuse('has no account of 1 to 64 of a-z 0-9 _ - before a colon')
    if (!/^[!-~]{16,1024}$/.test(secret)) refuse('has no secret of 16 to 1024 visible ASCII characters after a colon')
    const first = keys.findIndex((key) => key.secret === secret)
    if (first < index && secret !== '') refuse(`has the secret of entry ${first + 1}`)
  }
  return keys
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** As browsers write it: `null`, a path, a default port or a capital never equals one of theirs. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

const onOrOff = z
  .enum(['on', 'off'], 'takes on or off')
  .default('on')
  .transform((value) => value === 'on')

const day = 24 * 3600
const webUrl = z.url({ protocol: /^https?$/, error: 'takes an http:// or https:// URL' }).optional()

const environment = z.object({
  PORT: wholeNumber(4000, [0, 65_535]),
  HOST: z.string().default('127.0.0.1'),
  API_KEYS: z.string().transform(parseApiKeys).default([]),
  TOKEN_SECRET: z.string().min(32, 'takes at least 32 characters').nullable().default(null),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'takes a redis:// or rediss:// URL' })
    .nullable()
    .default(null),
  DEFAULT_MODEL: z.string().default('demo'),
  SECRETS_KEY: z.string().transform(parseKeys).default([]),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: webUrl,
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: webUrl,
  OPENAI_COMPATIBLE_BASE_URL: webUrl,
  OPENAI_COMPATIBLE_API_KEY: z.string().optional(),
  MODEL_CONCURRENCY: wholeNumber(100, [1, 10_000]),
  MODEL_SILENCE_SECONDS: wholeNumber(180, [1, 3600]),
  WORKER_CONCURRENCY: wholeNumber(50, [1, 10_000]),
  DISPATCHES_PER_MINUTE: wholeNumber(6000, [0, 1_000_000]),
  RUNNING_DISPATCHES: wholeNumber(1000, [0, 1_000_000]),
  SUBSCRIPTIONS_PER_CONNECTION: wholeNumber(1000, [0, 1_000_000]),
  SUBSCRIPTIONS_PER_ACCOUNT: wholeNumber(20_000, [0, 1_000_000]),
  CONNECTIONS_PER_ADDRESS: wholeNumber(20_000, [0, 1_000_000]),
  CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'takes the name of a header')
    .toLowerCase()
    .nullable()
    .default(null),
  MAX_REQUEST_BYTES: wholeNumber(8_000_000, [1000, 1_000_000_000]),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform(list)
    .refine(
      (origins) => origins.every((origin) => origin === '*' || isOrigin(origin)),
      'takes origins such as https://app.example.com, without a path, with commas between, or *',
    ),
  INTROSPECTION: onOrOff,
  GRAPHIQL: onOrOff,
  DEFAULT_ITERATIONS: wholeNumber(100, [1, 1000]),
  DEFAULT_CONTINUATIONS: wholeNumber(20, [0, 1000]),
  DEFAULT_CALLS: wholeNumber(1000, [0, 100_000]),
  FETCH_ALLOW: z
    .string()
    .default('')
    .transform(list)
    .refine(
      (entries) => entries.every((entry) => /^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?$/.test(entry)),
      'takes hosts, or host:port, with commas between',
    ),
  LEASE_MS: wholeNumber(5000, [1000, 600_000]),
  RETENTION_SECONDS: wholeNumber(day, [1, 365 * day]),
  RECORD_RETENTION_SECONDS: wholeNumber(30 * day, [1, 3650 * day]),
  MEMORY_BYTES: wholeNumber(256_000_000, [1_000_000, 64_000_000_000]),
  SHUTDOWN_GRACE_MS: wholeNumber(5000, [0, 600_000]),
  SHUTDOWN_DRAIN_MS: wholeNumber(500, [0, 600_000]),
  METRICS_PORT: wholeNumber(0, [0, 65_535]),
  METRICS_HOST: z.string().default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: webUrl,
  OTEL_SERVICE_NAME: z.string().default('backchannel'),
  LOG_LEVEL: z.enum(logLevels, `takes one of ${logLevels.join(', ')}`).default('info'),
})

/** Every mistake of an environment at once, a line each. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** The only reader of the environment. An empty variable counts as absent. */
export function readConfig(env: NodeJS.ProcessEnv, role: Role): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = environment.safeParse(set)
  const problems = result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
  if (role !== 'all' && set['REDIS_URL'] === undefined) {
    problems.push('REDIS_URL: is needed, because API and workers that run apart meet in Redis')
  }
  if (set['API_KEYS'] === undefined && !isLoopback(set['HOST'] ?? 'localhost')) {
    problems.push('HOST: takes a loopback address as long as there are no API_KEYS: no other is safe without them')
  }
  if (set['API_KEYS'] === undefined && set['CORS_ORIGINS']?.split(',').some((origin) => origin.trim() === '*')) {
    problems.push('CORS_ORIGINS: takes * only along with API_KEYS: without them, any page that is visited could act')
  }
  // Looked at apart from the others, so that their mistakes do not hide this one.
  const retention = environment.pick({ RETENTION_SECONDS: true, RECORD_RETENTION_SECONDS: true }).safeParse(set).data
  if (retention !== undefined && retention.RECORD_RETENTION_SECONDS < retention.RETENTION_SECONDS) {
    problems.push('RECORD_RETENTION_SECONDS: must not be shorter than RETENTION_SECONDS')
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems)
  const { data } = result
  return Object.freeze({
    port: data.PORT,
    host: data.HOST,
    apiKeys: data.API_KEYS,
    tokenSecret: data.TOKEN_SECRET,
    redisUrl: data.REDIS_URL,
    defaultModel: data.DEFAULT_MODEL,
    secretsKeys: data.SECRETS_KEY,
    providers: {
      openai: provider(data.OPENAI_API_KEY, data.OPENAI_BASE_URL),
      anthropic: provider(data.ANTHROPIC_API_KEY, data.ANTHROPIC_BASE_URL),
      compatible:
        data.OPENAI_COMPATIBLE_BASE_URL === undefined
          ? null
          : { baseUrl: data.OPENAI_COMPATIBLE_BASE_URL, apiKey: data.OPENAI_COMPATIBLE_API_KEY },
    },
    modelConcurrency: data.MODEL_CONCURRENCY,
    modelSilenceMs: data.MODEL_SILENCE_SECONDS * 1000,
    workerConcurrency: data.WORKER_CONCURRENCY,
    dispatchesPerMinute: data.DISPATCHES_PER_MINUTE,
    runningDispatches: data.RUNNING_DISPATCHES,
    subscriptionsPerConnection: data.SUBSCRIPTIONS_PER_CONNECTION,
    subscriptionsPerAccount: data.SUBSCRIPTIONS_PER_ACCOUNT,
    connectionsPerAddress: data.CONNECTIONS_PER_ADDRESS,
    clientAddressHeader: data.CLIENT_ADDRESS_HEADER,
    maxRequestBytes: data.MAX_REQUEST_BYTES,
    corsOrigins: data.CORS_ORIGINS,
    introspection: data.INTROSPECTION,
    graphiql: data.GRAPHIQL,
    defaultLimits: {
      iterations: data.DEFAULT_ITERATIONS,
      continuations: data.DEFAULT_CONTINUATIONS,
      calls: data.DEFAULT_CALLS,
    },
    fetchAllow: data.FETCH_ALLOW,
    leaseMs: data.LEASE_MS,
    retentionSeconds: data.RETENTION_SECONDS,
    recordRetentionSeconds: data.RECORD_RETENTION_SECONDS,
    memoryBytes: data.MEMORY_BYTES,
    shutdownGraceMs: data.SHUTDOWN_GRACE_MS,
    shutdownDrainMs: data.SHUTDOWN_DRAIN_MS,
    logLevel: data.LOG_LEVEL,
    metrics: set['METRICS_PORT'] === undefined ? null : { host: data.METRICS_HOST, port: data.METRICS_PORT },
    traces:
      data.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : { endpoint: data.OTEL_EXPORTER_OTLP_ENDPOINT, serviceName: data.OTEL_SERVICE_NAME },
  })
}

function provider(apiKey: string | undefined, baseUrl: string | undefined): ProviderConfig | null {
  return apiKey === undefined ? null : { apiKey, baseUrl }
}
