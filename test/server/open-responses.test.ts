import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createOpenResponses } from '../../src/server/open-responses.ts'
import { opened } from '../support/lifetime/opened.ts'

/** A client that has sent its request and does not read, and the response to it. */
async function exchange(): Promise<{ client: Socket; response: ServerResponse; tick: () => void }> {
  const responses = createOpenResponses()
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  client.on('error', () => {})
  opened({
    close() {
      client.destroy()
      server.close()
    },
  })
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  responses.add(response)
  response.writeHead(200)
  return { client, response, tick: responses.cutStalled }
}

const piece = Buffer.alloc(65_536)

/** Writes as fast as the client reads, until it takes nothing for many turns. */
async function fill(response: ServerResponse): Promise<void> {
  for (let still = 0; still < 200; still++) {
    if (response.socket?.writableNeedDrain === false) {
      response.write(piece)
      still = 0
    }
    await setImmediate()
  }
}

test('a client that takes nothing of a stream from one look to the next is cut', async () => {
  const { response, tick } = await exchange()
  await fill(response)
  tick()
  expect(response.destroyed).toBe(false)
  tick()
  expect(response.destroyed).toBe(true)
})

test('a client that takes nothing of a complete answer is cut after ten looks', async () => {
  const { response, tick } = await exchange()
  response.end(Buffer.alloc(20_000_000))
  for (let turn = 0; turn < 200; turn++) await setImmediate()
  for (let look = 0; look < 10; look++) tick()
  expect(response.destroyed).toBe(false)
  tick()
  expect(response.destroyed).toBe(true)
})

test('a client that reads slowly goes on, and so does one for which nothing waits', async () => {
  const slow = await exchange()
  for (let look = 0; look < 3; look++) {
    await fill(slow.response)
    slow.tick()
    // Before the next look it reads a little.
    slow.client.resume()
    while (slow.response.socket?.writableNeedDrain === true) await setImmediate()
    slow.client.pause()
  }
  expect(slow.response.destroyed).toBe(false)
  const idle = await exchange()
  for (let look = 0; look < 3; look++) idle.tick()
  expect(idle.response.destroyed).toBe(false)
})
