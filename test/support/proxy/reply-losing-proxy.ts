import { type LoopbackProxy, startLoopbackProxy } from './loopback-proxy.ts'

export interface ReplyLosingProxy extends LoopbackProxy {
  /** Replies lost so far, each with its connection. */
  readonly lost: number
}

/**
 * Stands before a Redis and now and then cuts a connection just when a reply has come back: the command has been
 * carried out, and its sender does not know.
 *
 * @param losesReply is asked for each reply that comes, in bytes as they arrive.
 */
export async function startReplyLosingProxy(
  redisPort: number,
  losesReply: (replies: number) => boolean,
): Promise<ReplyLosingProxy> {
  let replies = 0
  let lost = 0
  const proxy = await startLoopbackProxy(redisPort, ({ client, upstream, drop }) => {
    client.on('data', (data) => upstream.write(data))
    upstream.on('data', (data) => {
      replies += 1
      if (losesReply(replies)) {
        lost += 1
        drop()
      } else {
        client.write(data)
      }
    })
  })
  return {
    ...proxy,
    get lost() {
      return lost
    },
  }
}
