import type { Socket } from 'node:net'
import { type LoopbackProxy, startLoopbackProxy } from '../support/proxy/loopback-proxy.ts'
import type { Random } from './random.ts'
import { isPublication, wholeReplies } from './replies.ts'

/** How bad the way between the service and its Redis is. Chances are from 0 to 1. */
export interface NetworkFaults {
  /** Each way of each connection is slow in its own way, for a while, up to so much; in order all the same. */
  readonly delayMs: number
  /** That a reply is lost along with its connection: the command is carried out, and its sender does not know. */
  readonly lostReplies: number
  /** That a message of pub/sub is lost without a sign. */
  readonly lostPublications: number
}

export interface Network extends LoopbackProxy {
  readonly lost: { readonly replies: number; readonly publications: number }
}

/** Replies before anything is lost, so that processes can come up. */
const grace = 500

/** Stands before a Redis, as a network does. */
export async function startNetwork(redisPort: number, random: Random, faults: NetworkFaults): Promise<Network> {
  const lost = { replies: 0, publications: 0 }
  let replies = 0

  const proxy = await startLoopbackProxy(redisPort, ({ client, upstream: redis, drop }) => {
    const [toRedis, toClient] = [redis, client].map((socket) => delayed(socket, createPace(random, faults.delayMs)))
    let isSubscriber = false
    let rest: Buffer = Buffer.alloc(0)
    client.on('data', (data) => {
      isSubscriber ||= faults.lostPublications > 0 && data.includes('subscribe')
      toRedis?.(data)
    })
    redis.on('data', (data) => {
      replies += 1
      if (replies > grace && random.chance(faults.lostReplies)) {
        lost.replies += 1
        return drop()
      }
      if (!isSubscriber) return toClient?.(data)
      const split = wholeReplies(Buffer.concat([rest, data]))
      rest = split.rest
      for (const reply of split.replies) {
        if (isPublication(reply) && random.chance(faults.lostPublications)) lost.publications += 1
        else toClient?.(reply)
      }
    })
  })
  return { ...proxy, lost }
}

/** Stays as it is for some fifty pieces: the first of two connections may then be the slower one for a whole exchange. */
function createPace(random: Random, delayMs: number): () => number {
  let pace = random.int(delayMs + 1)
  return () => {
    if (random.chance(0.02)) pace = random.int(delayMs + 1)
    return pace
  }
}

/** Writes each piece after its delay, and never before the one that came before it. */
function delayed(socket: Socket, delayMs: () => number): (data: Buffer) => void {
  const waiting: { readonly at: number; readonly data: Buffer }[] = []
  let timer: NodeJS.Timeout | null = null
  const flush = () => {
    timer = null
    const now = performance.now()
    while (waiting[0] !== undefined && waiting[0].at <= now) socket.write(waiting.shift()?.data ?? '')
    if (waiting[0] !== undefined) timer = setTimeout(flush, Math.max(1, waiting[0].at - now))
  }
  return (data) => {
    const at = Math.max(waiting.at(-1)?.at ?? 0, performance.now() + delayMs())
    waiting.push({ at, data })
    if (timer === null) flush()
  }
}
