import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { createCatalogue } from '../../src/models/catalogue.ts'
import { benchProviders } from '../systems/stamped-model.ts'

// The floor: the cost of the same model and the same sockets with nothing in between. One frame per token, and no
// guarantees.
interface Channel {
  readonly frames: string[]
  readonly watchers: Set<WebSocket>
  hasEnded: boolean
}
const endFrame = '{"id":"1","type":"complete"}'
const catalogue = createCatalogue({ providers: benchProviders, defaultModel: 'demo' })
const channels = new Map<string, Channel>()

function channelOf(id: string): Channel {
  const channel = channels.get(id) ?? { frames: [], watchers: new Set(), hasEnded: false }
  channels.set(id, channel)
  return channel
}

async function run(channelId: string, model: string): Promise<void> {
  // A repeated dispatch starts a new run; a channel that was only watched so far keeps its watchers.
  if (channels.get(channelId)?.hasEnded) channels.delete(channelId)
  const channel = channelOf(channelId)
  const resolved = catalogue.resolve(model)
  if ('problem' in resolved) throw new Error(resolved.problem)
  const { signal } = new AbortController()
  for await (const part of resolved.model.stream({ prompt: [{ role: 'user', text: 'Hello' }], signal })) {
    if (part.type !== 'text') continue
    const frame = JSON.stringify({ id: '1', type: 'next', payload: { text: part.text } })
    channel.frames.push(frame)
    for (const socket of channel.watchers) socket.send(frame)
  }
  channel.hasEnded = true
  for (const socket of channel.watchers) socket.send(endFrame)
  channel.watchers.clear()
  const forget = () => channels.get(channelId) === channel && channels.delete(channelId)
  setTimeout(forget, 30_000).unref()
}

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString()
  })
  request.on('end', () => {
    const { channelId = randomUUID(), model } = JSON.parse(body) as { channelId?: string; model: string }
    const answer = JSON.stringify({ channelId })
    response.writeHead(200, { 'content-length': answer.length }).end(answer)
    void run(channelId, model)
  })
})
new WebSocketServer({ server, path: '/graphql' }).on('connection', (socket) => {
  let watched: Channel | null = null
  socket.once('close', () => watched?.watchers.delete(socket))
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data)) as { type: string; payload: { channelId: string } }
    if (type === 'connection_init') return socket.send('{"type":"connection_ack"}')
    const channel = channelOf(payload.channelId)
    for (const frame of channel.frames) socket.send(frame)
    if (channel.hasEnded) return socket.send(endFrame)
    channel.watchers.add(socket)
    watched = channel
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`)
})
process.once('SIGTERM', () => process.exit(0))
