import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ChannelLog } from '../../src/channel/channel.ts'
import { createFollower, type Follower } from '../../src/channel/follow.ts'
import { holdTimers } from '../support/held-timers.ts'
import { opened } from '../support/lifetime/opened.ts'
import { post } from './ask.ts'
import { type Edge, startEdge } from './edge.ts'

const query = 'subscription { channelEvents(channelId: "channel-of-this-test") { cursor } }'

/** A channel where nothing ever happens, and what became of those who watch it. */
function silentLog() {
  const waiting: { count: number; resolve: () => void }[] = []
  let watchers = 0
  const change = (by: number) => {
    watchers += by
    for (const { resolve } of waiting.filter(({ count }) => count === watchers)) resolve()
  }
  const log: ChannelLog = {
    heads: async (keys) => keys.map(() => null),
    read: async () => null,
    watch: async () => {
      change(1)
      return () => change(-1)
    },
  }
  const untilWatchers = (count: number) =>
    watchers === count ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ count, resolve }))
  return { log, untilWatchers }
}

let edge: Edge
let follower: Follower
let untilWatchers: (count: number) => Promise<void>
beforeEach(async () => {
  const silent = silentLog()
  untilWatchers = silent.untilWatchers
  // No check of the heads falls into a test: what ends a watch here is the leaving alone.
  follower = opened(createFollower(silent.log, { headCheckMs: 3_600_000, onError: () => {} }))
  edge = await startEdge({ log: silent.log, follower })
})

async function subscribed(): Promise<WebSocket> {
  const socket = opened(new WebSocket(`${edge.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'))
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
  await untilWatchers(1)
  return socket
}

test('a `complete` ends the subscription at once, even while it is idle', async () => {
  const socket = await subscribed()
  socket.send('{"id":"1","type":"complete"}')
  await untilWatchers(0)
  expect(socket.readyState).toBe(WebSocket.OPEN)
})

test('a closed WebSocket ends its subscriptions at once', async () => {
  const socket = await subscribed()
  socket.close()
  await untilWatchers(0)
})

test('a cut WebSocket ends its subscriptions at once', async () => {
  const socket = await subscribed()
  socket.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query } }))
  await untilWatchers(2)
  socket.terminate()
  await untilWatchers(0)
})

test('an event stream with an aborted request ends its subscription at once', async () => {
  const abort = new AbortController()
  const response = await fetch(`${edge.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    signal: abort.signal,
  })
  expect(response.status).toBe(200)
  await untilWatchers(1)
  abort.abort()
  await untilWatchers(0)
})

test('an event stream with a cancelled body ends its subscription at once', async () => {
  const response = await post(edge.url, { query }, { accept: 'text/event-stream' })
  await untilWatchers(1)
  await response.body?.cancel()
  await untilWatchers(0)
})

test('a server that closes waits for no client that ignores its close or does not read', async () => {
  const { host, port } = new URL(edge.url)
  const mute = opened(connect(Number(port), '127.0.0.1'))
  mute.on('error', () => {})
  mute.write(
    `GET /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  )
  const [answer] = await once(mute, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1.1 101 /)
  mute.pause()
  // The WebSocket library would wait for thirty seconds.
  onTestFinished(holdTimers(10_000).release)
  expect(await edge.close()).toBeUndefined()
}, 60_000)
