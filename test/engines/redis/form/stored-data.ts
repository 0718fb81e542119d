import type { Redis } from 'ioredis'

/** What a Redis holds, in commands that write it again. Times in ms are those of `writtenAt`. */
export interface StoredData {
  readonly writtenAt: number
  readonly commands: readonly (readonly string[])[]
}

/** Reads every key. Nobody may write meanwhile. */
export async function dumpData(redis: Redis): Promise<StoredData> {
  const writtenAt = Date.now()
  const commands: (readonly string[])[] = []
  for (const key of (await redis.keys('*')).sort()) {
    commands.push(...(await commandsOf(redis, key)))
    const ttl = await redis.pttl(key)
    if (ttl > 0) commands.push(['PEXPIREAT', key, String(writtenAt + ttl)])
  }
  return { writtenAt, commands }
}

async function commandsOf(redis: Redis, key: string): Promise<readonly (readonly string[])[]> {
  const type = await redis.type(key)
  if (type === 'string') return [['SET', key, (await redis.get(key)) ?? '']]
  if (type === 'hash') return [['HSET', key, ...Object.entries(await redis.hgetall(key)).flat()]]
  if (type === 'list') return [['RPUSH', key, ...(await redis.lrange(key, 0, -1))]]
  if (type === 'set') return [['SADD', key, ...(await redis.smembers(key))]]
  if (type === 'stream') return (await redis.xrange(key, '-', '+')).map(([id, fields]) => ['XADD', key, id, ...fields])
  if (type !== 'zset') throw new Error(`${key} is a ${type}.`)
  const pairs = (await redis.call('ZRANGE', key, '0', '-1', 'WITHSCORES')) as string[]
  const members = pairs.filter((_, index) => index % 2 === 0)
  return [['ZADD', key, ...members.flatMap((member, index) => [pairs[2 * index + 1] ?? '', member])]]
}

/** Writes the data as if they had been written now: every time in them, in ms, is later by their age. */
export async function loadData(redis: Redis, { writtenAt, commands }: StoredData): Promise<void> {
  const age = Date.now() - writtenAt
  const near = (ms: number) => Math.abs(ms - writtenAt) < 40 * 86_400_000
  const moved = (word: string) =>
    word.replace(/(?<![\w.-])\d{13}(?![\w.])/g, (time) => (near(Number(time)) ? String(Number(time) + age) : time))
  for (const [name = '', key = '', ...words] of commands) await redis.call(name, key, ...words.map(moved))
}
