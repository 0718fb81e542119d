import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { channelIdOf, dispatchMutation, transports } from '../../server/ask.ts'
import { atLength } from '../../support/at-length.ts'
import { holdTimers } from '../../support/held-timers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { serverEnd } from '../../support/watching/server-end.ts'

const words = atLength(50_000, 100_000)
/** Each text so often that it is 26 MB, far above what the kernel keeps for a socket (up to 6 MB at each end). */
const copies = 4_000_000 / words
const subscription = `subscription ($channelId: ID!) {
  channelEvents(channelId: $channelId) {
    __typename
    ... on TextDelta { position text ${Array.from({ length: copies }, (_, copy) => `text${copy}: text`).join(' ')} }
    ... on DispatchCompleted { result { text } }
  }
}`

let service: Service
let unwatched: number
beforeAll(async () => {
  service = await startService({ model: `demo/delayMs=0/words=${words}` })
  // The first run loads and compiles, too.
  await growthOfRun('channel-of-the-first-run')
  unwatched = await growthOfRun('channel-of-an-unwatched-run')
}, 240_000)

interface Event {
  readonly __typename: string
  readonly position: number
  readonly text: string
  readonly result: { readonly text: string }
}

/** Starts the long run under an id that is known before. */
async function dispatch(channelId: string): Promise<void> {
  const input = { channelId, messages: [{ type: 'USER', text: 'Tell me everything' }] }
  const [result] = await transports.HTTP(service.url, { query: dispatchMutation, variables: { input } })
  expect(channelIdOf(result)).toBe(channelId)
}

/** Watched by another, which reads: then all of it has been written. */
async function untilCompleted(channelId: string): Promise<void> {
  const query = 'subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { __typename } }'
  const events = await transports.WebSocket(service.url, { query, variables: { channelId } })
  expect(events.at(-1)?.data).toEqual({ channelEvents: { __typename: 'DispatchCompleted' } })
}

function expectWhole(events: readonly Event[]): void {
  let text = ''
  for (const event of events) {
    if (event.__typename !== 'TextDelta') continue
    expect(event.position).toBe(text.length)
    text += event.text
  }
  const ending = events.at(-1)
  expect(ending?.__typename).toBe('DispatchCompleted')
  expect(ending?.result.text).toBe(text)
  expect(text.split(/\s+/).length).toBeGreaterThanOrEqual(words)
}

/** In so many turns of the event loop, a server that had anything left to do would have sent the rest. */
const stillTurns = 2000

/** What the server may hold for a reader that stands still, in bytes. */
const mostHeld = 2_000_000

/** Waits until the server stands still with something that its socket does not take, or holds too much; tells what it has sent and what it holds. */
async function standstill(client: Socket): Promise<{ readonly sent: number; readonly held: number }> {
  const socket = serverEnd(client)
  for (let before = -1, still = 0; still < stillTurns && socket.writableLength < mostHeld; ) {
    await setImmediate()
    const now = socket.bytesWritten
    still = now === before && socket.writableLength > 0 ? still + 1 : 0
    before = now
  }
  return { sent: socket.bytesWritten - socket.writableLength, held: socket.writableLength }
}

async function expectHeldBack(client: Socket, channelId: string): Promise<void> {
  const growth = await growthOfRun(channelId)
  const { sent, held } = await standstill(client)
  // Most of the 26 MB is still to be read from the log: neither in the kernel's buffers nor in ours.
  expect(sent).toBeLessThan(13_000_000)
  expect(held).toBeLessThan(mostHeld)
  expect(growth - unwatched).toBeLessThan(4_000_000)
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** The memory of buffers that the first collection found unused is given back with the second. */
function collectTwice(): void {
  collectGarbage()
  collectGarbage()
}

/** What is kept in memory once the run is over, in bytes: its log, and what is held for a reader. */
async function growthOfRun(channelId: string): Promise<number> {
  collectTwice()
  const { heapUsed, external } = process.memoryUsage()
  await dispatch(channelId)
  await untilCompleted(channelId)
  collectTwice()
  const after = process.memoryUsage()
  return after.heapUsed + after.external - heapUsed - external
}

describe(`a reader that stops reading while ${words} words pass`, { timeout: 180_000 }, () => {
  test('costs a bounded buffer over WebSocket, and can read on to the end of the run', async () => {
    const channelId = 'channel-of-a-slow-websocket'
    // A client that does not read answers no ping. The server would cut it off after 12 seconds.
    const timers = holdTimers(10_000)
    onTestFinished(timers.release)
    const socket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws'))
    await once(socket, 'open')
    const tcp = (socket as unknown as { _socket: Socket })._socket
    const events: Event[] = []
    const completed = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const { type, payload } = JSON.parse(String(data))
        if (type === 'next') events.push(payload.data.channelEvents)
        if (type === 'complete') resolve()
      })
    })
    socket.send('{"type":"connection_init"}')
    await once(socket, 'message')
    socket.send(
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: subscription, variables: { channelId } } }),
    )
    tcp.pause()

    await expectHeldBack(tcp, channelId)

    tcp.resume()
    await completed
    expectWhole(events)
  })

  test('costs a bounded buffer over SSE, and can read on to the end of the run', async () => {
    const channelId = 'channel-of-a-slow-event-stream'
    const asked = request(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    })
    asked.end(JSON.stringify({ query: subscription, variables: { channelId } }))
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const tcp = response.socket

    await expectHeldBack(tcp, channelId)

    let stream = ''
    for await (const chunk of response.setEncoding('utf8')) stream += chunk
    expectWhole(eventsOf(stream))
  })
})

function eventsOf(stream: string): readonly Event[] {
  return [...stream.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data).data.channelEvents)
}
