import type { Redis } from 'ioredis'

/** What puts everything back as it is now: what is written meanwhile is lost. */
export async function keep(redis: Redis): Promise<() => Promise<void>> {
  const keys = await redis.keys('*')
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
  return async () => {
    const all = redis.multi().flushall()
    for (const [index, key] of keys.entries()) all.restore(key, 0, dumps[index] ?? '')
    await all.exec()
  }
}
