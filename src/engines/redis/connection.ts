import { setTimeout as sleep } from 'node:timers/promises'
import { Redis, ReplyError } from 'ioredis'
import { Failure, unavailable } from '../../kernel/errors.ts'

/**
 * - `patient`: keeps commands until Redis is back and sends again what had no reply; scripts also what Redis refused for
 *   its own state (no memory left, a replica). For writers whose scripts apply a repeated call once, for reads, and for
 *   subscriptions.
 * - `impatient`: fails within milliseconds while Redis is away. For requests that someone waits for.
 */
export type Patience = 'patient' | 'impatient'

export interface RedisConnectionOptions {
  readonly url: string
  /** Shown by `CLIENT LIST`. */
  readonly name: string
  readonly patience: Patience
  /** Told of lost connections; ioredis reconnects by itself. */
  readonly onError: (error: unknown) => void
}

/** How long somebody waits for a reply, at most. */
const commandTimeoutMs = 5000
/**
 * A connection that owes a reply for so long, or as long as a command may take, is given up for another: its other end may be gone without a
 * word, and TCP alone takes a quarter of an hour to notice. Longer than BullMQ blocks on one, which is ten seconds.
 */
const patientSilenceMs = 15_000

/** How long a process waits for Redis when it starts. */
const startTimeoutMs = 10_000

export async function connectRedis({ url, name, patience, onError }: RedisConnectionOptions): Promise<Redis> {
  const redis = new Redis(url, {
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
    // After a failover the connection may still be to the old primary: the address leads to the new one by now.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  redis.on('error', onError)
  // The first try may fail where the next succeeds: a Redis that is just being started, a connection that is cut.
  const ready = Promise.withResolvers<boolean>()
  redis.once('ready', () => ready.resolve(true))
  const timer = setTimeout(() => ready.resolve(false), startTimeoutMs)
  redis.connect().catch(() => {}) // `onError` has heard of it.
  const isReady = await ready.promise
  clearTimeout(timer)
  if (isReady) return redis
  redis.disconnect()
  const { host, port } = redis.options
  throw new Failure('UNAVAILABLE', `REDIS_URL: Redis cannot be reached at ${host}:${port}.`)
}

export type ScriptArgument = string | number | Buffer
export type Script = (keys: readonly string[], args: readonly ScriptArgument[]) => Promise<unknown>

/**
 * Registers a Lua script; it is sent whole once a server and by its hash from then on. On a patient connection it is sent
 * until Redis carries it out or refuses it for good: Redis refuses a script for its own state before the first write, so
 * nothing of it has been done.
 */
export function defineScript(redis: Redis, name: string, lua: string): Script {
  redis.defineCommand(name, { lua })
  const run: Script = (keys, args) => {
    // defineCommand adds a method that the types cannot know.
    const command = (redis as unknown as Record<string, (...args: ScriptArgument[]) => Promise<unknown>>)[name]
    if (command === undefined) throw new Error(`The script ${name} is not defined.`)
    return command.call(redis, keys.length, ...keys, ...args)
  }
  const patience: Patience = redis.options.maxRetriesPerRequest === null ? 'patient' : 'impatient'
  return patience === 'impatient' ? run : (keys, args) => untilCarriedOut(redis, () => run(keys, args))
}

/** Between two tries of a script that Redis has refused for its own state. */
const refusedDelayMs = 250

async function untilCarriedOut(redis: Redis, run: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      // Closed by us: whoever waits is to hear of it.
      if (stateWords(error) === undefined || redis.status === 'end') throw error
    }
    await sleep(refusedDelayMs)
  }
}

/** An error of ioredis as a failure, where Redis or the way to it is at fault; a refused command is a defect. */
export function redisFailure(error: unknown): unknown {
  if (!(error instanceof ReplyError)) {
    return error instanceof Failure ? error : unavailable('Redis cannot be reached.', { cause: error })
  }
  const words = stateWords(error)
  return words === undefined ? error : unavailable(words, { cause: error })
}

/** What Redis's state is, if that is why it has refused a command. */
function stateWords(error: unknown): string | undefined {
  if (!(error instanceof ReplyError)) return undefined
  const [prefix] = (error as Error).message.split(' ', 1)
  return stateOfPrefix[prefix ?? '']
}

/** For `catch` on a command of ioredis. */
export function rethrowRedis(error: unknown): never {
  throw redisFailure(error)
}

/** Error prefixes of Redis's protocol that tell of its state, not of our command. */
const stateOfPrefix: Readonly<Record<string, string>> = {
  OOM: 'Redis is out of memory.',
  LOADING: 'Redis is still loading its data.',
  READONLY: 'Redis is a replica right now.',
  MASTERDOWN: 'Redis has lost its primary.',
  CLUSTERDOWN: 'The Redis cluster is down.',
  MISCONF: 'Redis cannot persist its data.',
  BUSY: 'Redis is busy.',
  TRYAGAIN: 'Redis is moving its data.',
}
