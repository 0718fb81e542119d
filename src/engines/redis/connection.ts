import { setTimeout as sleep } from 'node:timers/promises'
import { Redis, ReplyError } from 'ioredis'
import { Failure, unavailable } from '../../kernel/errors.ts'
import { connectionProblem } from './connection-words.ts'
import { corkingWrites } from './corked-writes.ts'
import { isRefusedSelect, keepingItsDatabase, refusedSelect } from './database.ts'
import { forgettingFailedCommands } from './failed-commands.ts'
import { guardOf } from './needs/guard.ts'

/**
 * - `patient`: keeps commands until Redis is back, and sends commands without a reply again. Sends scripts again that Redis
 *   refused because of its own state (out of memory, a replica). For scripts that apply a repeated call once, for reads,
 *   and for subscriptions.
 * - `impatient`: fails within milliseconds while Redis is away. For requests that someone waits for.
 */
export type Patience = 'patient' | 'impatient'

export interface RedisConnectionOptions {
  readonly url: string
  /** Shown by `CLIENT LIST`. */
  readonly name: string
  readonly patience: Patience
  /** Told of lost connections. ioredis reconnects by itself. */
  readonly onError: (error: unknown) => void
}

/** How long an impatient command waits for its reply. */
const commandTimeoutMs = 5000
/**
 * A patient connection that owes a reply for this long is replaced: its other end may have vanished, which TCP alone takes a
 * quarter of an hour to notice. BullMQ blocks for ten seconds on a connection, so this is longer. An impatient one is
 * replaced after `commandTimeoutMs`.
 */
const patientSilenceMs = 15_000

/** How long a process waits for Redis when it starts. */
const startTimeoutMs = 10_000

export async function connectRedis({ url, name, patience, onError }: RedisConnectionOptions): Promise<Redis> {
  const connection = new Redis(url, {
    connectionName: `backchannel-${name}`,
    lazyConnect: true,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), 1000),
    ...(patience === 'patient'
      ? { maxRetriesPerRequest: null, socketTimeout: patientSilenceMs }
      : {
          maxRetriesPerRequest: 1,
          enableOfflineQueue: false,
          commandTimeout: commandTimeoutMs,
          socketTimeout: commandTimeoutMs,
        }),
    // After a failover the connection may still lead to the old primary, while the address leads to the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  const redis = keepingItsDatabase(forgettingFailedCommands(corkingWrites(connection)))
  // The first attempt may fail and the next succeed: Redis may be starting, or passwords are being rotated.
  const { host, port, db, tls } = redis.options
  const address = { host, port, hasTls: tls !== undefined }
  const ready = Promise.withResolvers<string | null>()
  let problem = connectionProblem(null, address)
  redis.once('ready', () => ready.resolve(null))
  redis.on('error', (error: unknown) => {
    const words = connectionProblem(error, address)
    if (isRefusedSelect(error)) ready.resolve(refusedSelect(error, db))
    else problem = words
    onError(unavailable(words, { cause: error }))
  })
  const timer = setTimeout(() => ready.resolve(problem), startTimeoutMs)
  redis.connect().catch(() => {}) // `onError` is told of it.
  const refusal = await ready.promise
  clearTimeout(timer)
  if (refusal === null) return redis
  redis.disconnect()
  throw new Failure('UNAVAILABLE', `REDIS_URL: ${refusal}`)
}

/**
 * Repeats a read that a process needs to start, while its connection is lost: for as long as a process waits for Redis. A
 * connection may be lost right after it was ready, as when Redis restarts.
 */
export async function readAtStart<Value>(read: () => Promise<Value>): Promise<Value> {
  for (const begunAt = performance.now(); ; ) {
    try {
      return await read()
    } catch (error) {
      const failure = redisFailure(error)
      if (!(failure instanceof Failure) || performance.now() - begunAt > startTimeoutMs) throw failure
    }
    await sleep(refusedDelayMs)
  }
}

export type ScriptArgument = string | number | Buffer
export type Script = (keys: readonly string[], args: readonly ScriptArgument[]) => Promise<unknown>

/**
 * Registers a Lua script. Each server gets its text once, and its hash from then on. A patient connection sends it again
 * until Redis runs it or refuses it for good. This is safe: Redis refuses a script because of its own state before the
 * script's first write.
 */
export function defineScript(redis: Redis, name: string, lua: string): Script {
  redis.defineCommand(name, { lua: `${guardOf(lua)}\n${lua}` })
  const run: Script = (keys, args) => {
    // defineCommand adds a method that the types do not know.
    const command = (redis as unknown as Record<string, (...args: ScriptArgument[]) => Promise<unknown>>)[name]
    if (command === undefined) throw new Error(`The script ${name} is not defined.`)
    return command.call(redis, keys.length, ...keys, ...args)
  }
  const patience: Patience = redis.options.maxRetriesPerRequest === null ? 'patient' : 'impatient'
  return patience === 'impatient' ? run : (keys, args) => untilCarriedOut(redis, () => run(keys, args))
}

/** The pause before a script that Redis refused because of its own state is sent again. */
const refusedDelayMs = 250

async function untilCarriedOut(redis: Redis, run: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      // We closed the connection, so the caller gets the error.
      if (stateWords(error) === undefined || redis.status === 'end') throw error
    }
    await sleep(refusedDelayMs)
  }
}

/** An ioredis error as a failure, if Redis or the connection is at fault. A refused command is a defect and stays as it is. */
export function redisFailure(error: unknown): unknown {
  if (!(error instanceof ReplyError)) {
    return error instanceof Failure ? error : unavailable('Redis cannot be reached.', { cause: error })
  }
  const words = stateWords(error)
  return words === undefined ? error : unavailable(words, { cause: error })
}

/** The state because of which Redis refused a command; undefined for any other error. */
function stateWords(error: unknown): string | undefined {
  if (!(error instanceof ReplyError)) return undefined
  if (isOfCluster(error)) return 'Redis is a cluster.'
  const [prefix] = (error as Error).message.split(' ', 1)
  return stateOfPrefix[prefix ?? '']
}

/** A refusal that only a cluster gives. A proxy before one may put ERR before it. */
export function isOfCluster(error: unknown): boolean {
  return error instanceof ReplyError && /^(ERR )?(CROSSSLOT|MOVED|ASK|CLUSTERDOWN) /.test((error as Error).message)
}

/** For `catch` on an ioredis command. */
export function rethrowRedis(error: unknown): never {
  throw redisFailure(error)
}

/** Error prefixes of the Redis protocol that are about its state or its user, not about our command. */
const stateOfPrefix: Readonly<Record<string, string>> = {
  OOM: 'Redis is out of memory.',
  LOADING: 'Redis is still loading its data.',
  READONLY: 'Redis is a replica right now.',
  MASTERDOWN: 'Redis has lost its primary.',
  MISCONF: 'Redis cannot persist its data.',
  BUSY: 'Redis is busy.',
  TRYAGAIN: 'Redis is moving its data.',
  NOPERM: 'The Redis user lacks a permission.',
}
