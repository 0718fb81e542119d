import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { defineScript, rethrowRedis } from '../connection.ts'
import { placesKey } from '../keys.ts'

/** How many runs the workers that are up can have in hand together. A worker that died counts until its lease is over. */
export interface RedisPlaces {
  /** Counts a worker of this process. The returned function ends that; the lease does so where Redis is away. */
  open(count: number): () => void
  /** Up to a second old. */
  total(): Promise<number>
}

export interface RedisPlacesOptions {
  /** Unique among processes, and without a space. */
  readonly process: string
  readonly leaseMs: number
}

const freshMs = 1000

export function createRedisPlaces(redis: Redis, { process, leaseMs }: RedisPlacesOptions): RedisPlaces {
  const lua = readFileSync(new URL('./places.lua', import.meta.url), 'utf8')
  const script = defineScript(redis, 'backchannel-places', lua)
  let member = ''
  let known: { readonly at: number; readonly total: Promise<number> } | null = null

  const look = (): Promise<number> => {
    const total = script([placesKey], [member, leaseMs]).then(Number, rethrowRedis)
    known = { at: performance.now(), total }
    total.catch(() => {
      known = null
    })
    return total
  }

  return {
    open(count) {
      member = `${process} ${count}`
      const renew = () => look().catch(() => {}) // The next one is soon enough for the lease.
      renew()
      const timer = setInterval(renew, leaseMs / 3).unref()
      return () => {
        clearInterval(timer)
        const closed = member
        member = ''
        redis.zrem(placesKey, closed).catch(() => {})
      }
    },
    total: () => (known !== null && performance.now() - known.at < freshMs ? known.total : look()),
  }
}
