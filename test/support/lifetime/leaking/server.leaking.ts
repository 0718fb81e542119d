import { once } from 'node:events'
import { createServer } from 'node:net'
import { beforeAll, test } from 'vitest'

beforeAll(async () => {
  await once(createServer().listen(0, '127.0.0.1'), 'listening')
})

test('uses a server that no one closes', () => {})
