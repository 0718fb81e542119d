import { EventEmitter, once } from 'node:events'
import { IncomingMessage, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createApis } from '../../src/api/apis.ts'
import { type BodyRoom, createBodyRoom } from '../../src/api/body-room.ts'
import { readBody } from '../../src/api/read-body.ts'
import type { Services } from '../../src/api/services.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { startEdge } from '../server/edge.ts'

const idOf = (name: string) => name.slice(0, 1) as AccountId

/** A room for 4 bodies of 100 bytes an account. */
function watch() {
  const room = createBodyRoom(100)
  const inside: string[] = []
  return {
    enter(name: string, headers: Readonly<Record<string, string>>, closed = false) {
      const response = Object.assign(new EventEmitter(), { closed }) as unknown as ServerResponse
      const keep = room.enter({ headers } as IncomingMessage, response, idOf(name)).then((given) => {
        inside.push(name)
        return given
      })
      return { keep, close: () => response.emit('close') }
    },
    async names() {
      await new Promise(setImmediate)
      return inside.splice(0)
    },
  }
}
const length = (bytes: number) => ({ 'content-length': String(bytes) })

test('bodies beyond the account’s room wait in order, and those of another account do not', async () => {
  const { enter, names } = watch()
  const first = enter('a1', length(100))
  for (const name of ['a2', 'a3', 'a4', 'a5']) enter(name, length(100))
  enter('a6', length(1))
  enter('b1', length(100))
  expect(await names()).toEqual(['a1', 'a2', 'a3', 'a4', 'b1'])
  first.close()
  expect(await names()).toEqual(['a5'])
})

test.each([
  ['in chunks', { 'transfer-encoding': 'chunked' }],
  ['that are compressed', { ...length(3), 'content-encoding': 'gzip' }],
  ['that are too large', length(5000)],
])('bodies %s count as the largest that are taken, until they have been read', async (_what, headers) => {
  const { enter, names } = watch()
  const [first] = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => enter(name, headers))
  expect(await names()).toEqual(['a1', 'a2', 'a3', 'a4'])
  const keep = await first?.keep
  keep?.(10)
  expect(await names()).toEqual([])
  first?.close()
  keep?.(0)
  expect(await names()).toEqual(['a5'])
  const small = watch()
  for (const name of ['a1', 'a2', 'a3', 'a4']) (await small.enter(name, headers).keep)(10)
  small.enter('a5', length(60))
  small.enter('a6', length(60))
  expect(await small.names()).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
})

test('a connection that closes gives its room back, and leaves the line', async () => {
  const { enter, names } = watch()
  const [first, , , , fifth] = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((name) => enter(name, length(100)))
  await names()
  fifth?.close()
  // Whoever waits for it goes on, to find that its connection is closed.
  expect(await names()).toEqual(['a5'])
  first?.close()
  expect(await names()).toEqual(['a6'])
})

test('whoever has left before there was a question of room takes none', async () => {
  const { enter, names } = watch()
  for (let n = 0; n < 10; n++) enter('a', length(100), true)
  for (const name of ['a1', 'a2', 'a3', 'a4']) enter(name, length(100))
  expect(await names()).toEqual([...Array.from({ length: 10 }, () => 'a'), 'a1', 'a2', 'a3', 'a4'])
})

test('a message of a socket counts as the largest body until its end, or until the socket closes', async () => {
  const room = createBodyRoom(100)
  const sockets = Array.from({ length: 6 }, () => Object.assign(new EventEmitter(), { closed: false }))
  const admitted: number[] = []
  const held = sockets.map((socket, n) => {
    const each = room.hold(socket, idOf('a'))
    void each.admitted.then(() => admitted.push(n))
    return each
  })
  await new Promise(setImmediate)
  expect(admitted).toEqual([0, 1, 2, 3])
  held[0]?.giveBack()
  held[0]?.giveBack()
  await new Promise(setImmediate)
  expect(admitted).toEqual([0, 1, 2, 3, 4])
  sockets[1]?.emit('close')
  await new Promise(setImmediate)
  expect(admitted).toEqual([0, 1, 2, 3, 4, 5])
  expect(sockets.map((socket) => socket.listenerCount('close'))).toEqual([0, 0, 1, 1, 1, 1])
})

test('a body whose client has left before it is read has ended early', async () => {
  const request = new IncomingMessage(new Socket())
  request.destroy()
  await once(request, 'close')
  expect(await readBody(request, 1000)).toEqual({
    status: 400,
    code: 'BAD_USER_INPUT',
    message: 'The body ended early.',
  })
})

const services = {
  preflight: { models: () => [] },
  resources: { datasets: {}, skillsets: {} },
} as unknown as Services

test.each([
  ['/graphql', '{"query":"{ models { id } }"}'],
  ['/v1/bot/create', '{"name":1}'],
])('%s reads a body when there is room for it, and gives back what it does not need', async (path, body) => {
  const entered = Promise.withResolvers<void>()
  const admitted = Promise.withResolvers<void>()
  const kept: number[] = []
  const bodyRoom: BodyRoom = {
    async enter() {
      entered.resolve()
      await admitted.promise
      return (bytes) => void kept.push(bytes)
    },
    hold: () => ({ admitted: Promise.resolve(), giveBack() {} }),
  }
  const { url } = await startEdge(services, { apis: createApis, bodyRoom })
  const headers = { 'content-type': 'application/json' }
  const answer = fetch(`${url}${path}`, { method: 'POST', headers, body })
  await entered.promise
  expect(kept).toEqual([])
  admitted.resolve()
  expect((await answer).status).toBe(path === '/graphql' ? 200 : 400)
  expect(kept).toEqual([body.length])
})
