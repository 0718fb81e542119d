import { z } from 'zod'
import { passwordsIn, text, url, wholeNumber } from './forms.ts'
import { variable } from './variable.ts'

const day = 24 * 3600

/** Otherwise a part of the password is read as host, port or path, and would be shown as such. */
function isEscaped(value: string): boolean {
  const [, rest = ''] = /^rediss?:\/\/(.*)$/i.exec(value) ?? []
  const at = rest.lastIndexOf('@')
  if (at === -1) return true
  const [, ...colons] = rest.slice(0, at).split(':')
  return colons.length <= 1 && !/[@/?#\s]|%(?![0-9a-f]{2})/i.test(rest.slice(0, at))
}

/** ioredis takes several hosts for the name of one. Those of a URL may each have a user. */
function isOneServer(value: string): boolean {
  const [, sentinel, rest = ''] = /^rediss?([+-]sentinel)?:\/\/(.*)$/i.exec(value) ?? []
  const hosts = rest.slice(rest.lastIndexOf('@') + 1).split(/[/?#]/, 1)[0] ?? ''
  return sentinel === undefined && !hosts.includes(',') && !/@[^@,/?#]+,/.test(rest)
}

/** ioredis takes what is no number, such as a name, for database 0. */
function hasDatabase(value: string): boolean {
  if (!URL.canParse(value)) return true
  const { pathname, searchParams } = new URL(value)
  return [pathname.slice(1), ...searchParams.getAll('db')].every((database) => /^\d*$/.test(database))
}

const redis = url(/^rediss?$/, 'a redis:// or rediss:// URL')
const severalServers = 'takes the address of one server: a Redis Cluster is not used, and Sentinels are not asked'
const unescaped =
  'takes a URL whose user and password are percent-encoded: @ is %40, : is %3A, / is %2F, # is %23, ? is %3F, % is %25'
const redisUrl = {
  ...redis,
  schema: z
    .string()
    .refine(isOneServer, { error: severalServers, abort: true })
    .refine(isEscaped, { error: unescaped, abort: true })
    .pipe(redis.schema)
    .refine(hasDatabase, { error: `takes ${redis.bounds} whose path is the number of a database` }),
}

const folder = { schema: text.schema.transform((value) => (value === 'memory' ? null : value)), bounds: null }

/** The variables that select an engine in which API and workers can meet. test/engines holds this to the registry. */
export const meetingPlaces = [{ variable: 'REDIS_URL', title: 'Redis' }] as const

/** Where everything is kept, and for how long. */
export const engine = {
  redisUrl: variable(redisUrl, {
    name: 'REDIS_URL',
    default: null,
    meaning: 'Selects Redis. Absent: the embedded engine keeps everything in `DATA_DIR`, for one process.',
    isSecret: true,
    secretsIn: passwordsIn,
  }),
  retentionSeconds: variable(wholeNumber(1, 365 * day), {
    name: 'RETENTION_SECONDS',
    default: String(day),
    meaning: 'How long a log is kept after its run has ended.',
    isSecret: false,
  }),
  recordRetentionSeconds: variable(wholeNumber(1, 3650 * day), {
    name: 'RECORD_RETENTION_SECONDS',
    default: String(30 * day),
    meaning:
      'How long the record of a run is kept after its end: status, result, usage, and that its channel was used; at least `RETENTION_SECONDS`.',
    isSecret: false,
  }),
  dataDir: variable(folder, {
    name: 'DATA_DIR',
    default: './backchannel-data',
    meaning:
      'The folder in which the embedded engine keeps everything; it is made for this user alone, and one process at a time has it. `memory`: nothing is kept on disk, and all is gone when the process exits.',
    isSecret: false,
  }),
  dataBytes: variable(wholeNumber(1_000_000, 64_000_000_000_000), {
    name: 'DATA_BYTES',
    default: null,
    meaning:
      'How many bytes the embedded engine may store for all accounts together; beyond that the oldest ended logs of the account that has most go. Absent: 4 GB, or 256 MB with `DATA_DIR=memory`.',
    isSecret: false,
  }),
  storedBytesPerAccount: variable(wholeNumber(0, 100_000_000_000_000), {
    name: 'STORED_BYTES_PER_ACCOUNT',
    default: null,
    meaning:
      'How many bytes one account may have stored: logs, records of runs, resources, messages; 0 is no limit. Absent: half of the `maxmemory` of Redis, or 10 GB if it has none; four fifths of `DATA_BYTES` in the embedded engine, or all of it without `API_KEYS`.',
    isSecret: false,
  }),
  shutdownGraceMs: variable(wholeNumber(0, 600_000), {
    name: 'SHUTDOWN_GRACE_MS',
    default: '25000',
    meaning:
      'How long a worker goes on with the runs in hand after SIGTERM, taking no others; then it hands them over. Shorter than whoever stops the process waits before SIGKILL: Kubernetes waits 30 seconds, Docker 10.',
    isSecret: false,
  }),
}
