import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Target } from '../target.ts'
import { type Attack, again, type Tally, untilAborted } from './attack.ts'

/** A WebSocket as bytes, so that it can do what a library would not. */
async function openRaw({ url }: Target): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  const key = Buffer.alloc(16).toString('base64')
  const head = ['GET /graphql HTTP/1.1', `host: ${hostname}:${port}`, 'connection: upgrade', 'upgrade: websocket']
  const more = [
    'sec-websocket-version: 13',
    `sec-websocket-key: ${key}`,
    'sec-websocket-protocol: graphql-transport-ws',
  ]
  socket.write(`${[...head, ...more].join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  return socket
}

/** The head of a masked frame of a client. */
function frameHead(opcode: number, length: number): Buffer {
  const head = Buffer.alloc(14)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

const halfMessages: Attack = {
  name: '100 sockets send half a first message each',
  run: (target, signal, tally) =>
    again(100, signal, tally, async () => {
      const socket = await openRaw(target)
      const closed = once(socket, 'close')
      socket.resume()
      socket.write(frameHead(1, 7_900_000))
      const piece = Buffer.alloc(65_536)
      for (let sent = 0; sent < 4_000_000 && !socket.destroyed && !signal.aborted; sent += piece.length) {
        if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), closed, untilAborted(signal)])
      }
      await Promise.race([closed, untilAborted(signal)])
      socket.destroy()
      return 'ended by the server'
    }),
}

const pings: Attack = {
  name: 'sockets ping as fast as they may and read nothing',
  run: (target, signal, tally) =>
    again(20, signal, tally, async () => {
      const socket = await openRaw(target)
      socket.pause()
      const closed = once(socket, 'close')
      const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125]), Buffer.alloc(4 + 125)])
      const many = Buffer.concat(Array.from({ length: 500 }, () => ping))
      while (!socket.destroyed && !signal.aborted) {
        if (!socket.write(many)) await Promise.race([once(socket, 'drain'), closed, sleep(1000), untilAborted(signal)])
      }
      socket.destroy()
      return 'ended by the server'
    }),
}

/** Watches a long log over this transport, and reads none of it. */
export function unread(
  name: string,
  width: number,
  open: (target: Target, channelId: string) => Promise<Socket>,
): Attack {
  return {
    name,
    async run(target, signal, tally) {
      const channelId = await longRun(target, tally)
      await again(width, signal, tally, async () => {
        const socket = await open(target, channelId)
        socket.pause()
        await Promise.race([once(socket, 'close'), untilAborted(signal)])
        socket.destroy()
        return 'ended by the server'
      })
    },
  }
}

/** A text of about 4 MB. */
async function longRun({ attacker }: Target, tally: Tally): Promise<string> {
  const model = 'demo/delayMs=0/words=600000'
  const input = { model, messages: [{ type: 'USER', text: 'Much, please.' }] }
  const mutation = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
  const { dispatchConversation } = await attacker.graphql<{ dispatchConversation: { channelId: string } }>(mutation, {
    input,
  })
  for (;;) {
    const query = `{ dispatch(channelId: "${dispatchConversation.channelId}") { status } }`
    const { dispatch } = await attacker.graphql<{ dispatch: { status: string } }>(query)
    if (/COMPLETED|FAILED/.test(dispatch.status)) {
      tally.add(`run ${dispatch.status}`)
      return dispatchConversation.channelId
    }
    await sleep(200)
  }
}

const eventsQuery = (channelId: string) =>
  `subscription { channelEvents(channelId: "${channelId}") { __typename cursor ... on TextDelta { text } } }`
const updatesQuery = (channelId: string) =>
  `subscription { dispatchUpdates(channelId: "${channelId}") { status messages { text } } }`

const openStream = (target: Target, query: string) => openRequest(target, 'POST /graphql', JSON.stringify({ query }))

/** Sends a request that streams. Without a body: an empty text. */
export async function openRequest({ url, attacker }: Target, what: string, body: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  const head = [`${what} HTTP/1.1`, `host: ${hostname}:${port}`, `authorization: Bearer ${attacker.key}`]
  const more = ['accept: text/event-stream', 'content-type: application/json', `content-length: ${body.length}`]
  socket.write(`${[...head, ...more].join('\r\n')}\r\n\r\n${body}`)
  return socket
}

async function openSocket({ attacker }: Target, query: string): Promise<Socket> {
  const client = new WebSocket(attacker.wsUrl, 'graphql-transport-ws')
  client.on('error', () => {})
  await once(client, 'open')
  const acknowledged = once(client, 'message')
  client.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${attacker.key}` } }))
  await acknowledged
  client.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
  return (client as unknown as { readonly _socket: Socket })._socket
}

export const connectionAttacks: readonly Attack[] = [
  halfMessages,
  pings,
  unread('200 event streams of a long text are not read', 200, (target, id) => openStream(target, eventsQuery(id))),
  unread('200 sockets of a long text are not read', 200, (target, id) => openSocket(target, eventsQuery(id))),
  unread('100 snapshots of a long text are not read', 100, (target, id) => openSocket(target, updatesQuery(id))),
]
