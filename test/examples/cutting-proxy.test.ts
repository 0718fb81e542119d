import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { opened } from '../support/lifetime/opened.ts'
import { type CuttingProxy, createCuttingProxy } from '../support/proxy/cutting-proxy.ts'

let server: Server
let proxy: CuttingProxy
let upstreams: Socket[]
let clients: Socket[]

beforeEach(async () => {
  upstreams = []
  clients = []
  server = opened(
    createServer((socket) => {
      upstreams.push(socket.on('error', () => {}))
    }).listen(0, '127.0.0.1'),
  )
  await once(server, 'listening')
  proxy = await createCuttingProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterEach(async () => {
  await proxy.close()
  await Promise.all([...clients, ...upstreams].map(untilClosed))
})

async function open() {
  const accepted = once(server, 'connection')
  const client = connect(Number(new URL(proxy.url).port), '127.0.0.1').on('error', () => {})
  clients.push(client)
  await accepted
  const upstream = upstreams.at(-1)
  if (upstream === undefined) throw new Error('the server was not reached')
  return { client, upstream }
}

/** Not `once`, which rejects on the error that a cut is. */
async function untilClosed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

async function readAll(client: Socket): Promise<string> {
  let all = ''
  client.on('data', (chunk: Buffer) => {
    all += chunk.toString()
  })
  await untilClosed(client)
  return all
}

test('passes both directions on, and the end', async () => {
  const { client, upstream } = await open()
  client.write('ping')
  expect(String((await once(upstream, 'data'))[0])).toBe('ping')
  upstream.end('pong')
  expect(await readAll(client)).toBe('pong')
})

test('cuts all connections, on both sides', async () => {
  const pairs = [await open(), await open()]
  expect(proxy).toMatchObject({ connections: 2, open: 2 })
  const closed = pairs.flatMap(({ client, upstream }) => [untilClosed(client), untilClosed(upstream)])
  proxy.cut()
  await Promise.all(closed)
  expect(proxy).toMatchObject({ connections: 2, open: 0 })
})

test('cuts once, after an exact number of bytes from the server', async () => {
  const first = await open()
  proxy.cutAfter(7)
  first.upstream.write('0123456789')
  expect(await readAll(first.client)).toBe('0123456')
  const second = await open()
  second.upstream.end('0123456789')
  expect(await readAll(second.client)).toBe('0123456789')
})

test('refuses new connections until told otherwise, and keeps existing ones', async () => {
  const { client, upstream } = await open()
  proxy.refuse()
  const refused = connect(Number(new URL(proxy.url).port), '127.0.0.1').on('error', () => {})
  clients.push(refused)
  await untilClosed(refused)
  expect(proxy).toMatchObject({ connections: 1, refusals: 1, open: 1 })
  client.write('still here')
  expect(String((await once(upstream, 'data'))[0])).toBe('still here')
  proxy.accept()
  await open()
  expect(proxy).toMatchObject({ connections: 2, refusals: 1, open: 2 })
})
