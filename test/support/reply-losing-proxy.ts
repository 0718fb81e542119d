import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface ReplyLosingProxy {
  readonly port: number
  /** Replies lost so far, each with its connection. */
  readonly lost: number
  close(): Promise<void>
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
  const sockets = new Set<Socket>()
  let replies = 0
  let lost = 0
  const server = createServer((client) => {
    const redis = connect(redisPort, '127.0.0.1')
    const drop = () => {
      client.destroy()
      redis.destroy()
    }
    for (const socket of [client, redis]) {
      sockets.add(socket)
      socket.on('error', drop)
      socket.on('close', () => {
        sockets.delete(socket)
        drop()
      })
    }
    client.on('data', (data) => redis.write(data))
    redis.on('data', (data) => {
      replies += 1
      if (losesReply(replies)) {
        lost += 1
        drop()
      } else {
        client.write(data)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get lost() {
      return lost
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
