import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { opened } from '../lifetime/opened.ts'

type Send = (messages: readonly object[]) => void

/** Speaks graphql-transport-ws as a test wants it. What is sent in one call comes in one piece. Resolves with its `http://…`. */
export async function startSocketServer(onSubscribe: (channelId: string, send: Send) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  server.on('connection', (socket, { socket: wire }) => {
    socket.on('message', (text) => {
      const { type, id, payload } = JSON.parse(String(text))
      if (type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }))
      if (type !== 'subscribe') return
      onSubscribe(payload.variables.channelId, (messages) => {
        wire.cork()
        for (const message of messages) socket.send(JSON.stringify({ id, ...message }))
        wire.uncork()
      })
    })
  })
  opened(server, (it) => {
    for (const socket of it.clients) socket.terminate()
    it.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
