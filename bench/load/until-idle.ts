import { Redis } from 'ioredis'

/** Until no run waits or is worked on, so that a round's leftovers do not burden the next. */
export async function untilIdle(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl)
  const waits = async () => (await redis.keys('*:runs:[wa]*')).filter((key) => /:(wait|active)$/.test(key)).length > 0
  while (await waits()) await new Promise((resolve) => setTimeout(resolve, 50))
  redis.disconnect()
}
