import type { RedisPubSub } from 'graphql-redis-subscriptions'
import type { Redis } from 'ioredis'

/** An event as the naive service stores, publishes and delivers it. `id` is the id in the stream. */
export interface NaiveEvent {
  readonly id: string
  readonly type: 'token' | 'end'
  readonly text: string | null
}

/** Awaits one XADD and one PUBLISH of JSON per event. */
export async function append(
  redis: Redis,
  pubsub: RedisPubSub,
  [channelId, event]: readonly [string, Omit<NaiveEvent, 'id'>],
): Promise<void> {
  const id = await redis.xadd(channelId, '*', 'event', JSON.stringify(event))
  void pubsub.publish(channelId, { id, ...event })
}

/** Reads with XRANGE, then continues live. Skips, by id, events that were published while reading. */
export async function* follow(redis: Redis, pubsub: RedisPubSub, channelId: string): AsyncGenerator<NaiveEvent> {
  const published: NaiveEvent[] = []
  let wake = () => {}
  const subscription = await pubsub.subscribe<NaiveEvent>(channelId, (event) => {
    published.push(event)
    wake()
  })
  try {
    let lastId = ''
    for (const [id, [, json = '']] of await redis.xrange(channelId, '-', '+')) {
      const event: NaiveEvent = { id, ...JSON.parse(json) }
      lastId = id
      yield event
      if (event.type === 'end') return
    }
    for (;;) {
      const event = published.shift()
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else if (isLater(event.id, lastId)) {
        yield event
        if (event.type === 'end') return
      }
    }
  } finally {
    pubsub.unsubscribe(subscription)
  }
}

function isLater(id: string, than: string): boolean {
  const [time = 0, part = 0] = id.split('-').map(Number)
  const [thanTime = 0, thanPart = 0] = than.split('-').map(Number)
  return time > thanTime || (time === thanTime && part > thanPart)
}
