import { Redis } from 'ioredis'

/** Waits until no run is queued or running, so that the leftovers of a round do not burden the next. */
export async function untilIdle(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl)
  const waits = async () => (await redis.keys('*:runs:[wa]*')).filter((key) => /:(wait|active)$/.test(key)).length > 0
  while (await waits()) await new Promise((resolve) => setTimeout(resolve, 50))
  redis.disconnect()
}
