import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { opened } from '../lifetime/opened.ts'
import { startBalancer } from './balancer.ts'

test('a balancer that is closed while it looks for a target opens no connection, which nobody would close', async () => {
  const asked: ServerResponse[] = []
  let connections = 0
  const target = opened(createServer((_request, response) => void asked.push(response)))
  target.on('connection', () => {
    connections += 1
  })
  await once(target.listen(0, '127.0.0.1'), 'listening')
  const port = (target.address() as AddressInfo).port
  const balancer = await startBalancer({ url: `http://127.0.0.1:${port}` })
  opened(connect(Number(new URL(balancer.url).port), '127.0.0.1')).on('error', () => {})
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await balancer.close()
  const [ready] = asked as [ServerResponse]
  const answered = once(ready, 'close')
  ready.end()
  await answered
  // Whatever is opened for the one that has gone reaches the target before the last of these does.
  for (let later = 2; later <= 4; later++) {
    const socket = opened(connect(port, '127.0.0.1'))
    socket.write('GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await vi.waitFor(() => expect(asked).toHaveLength(later))
  }
  expect(connections).toBe(4)
})
