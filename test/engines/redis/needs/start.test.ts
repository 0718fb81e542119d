import { expect, test } from 'vitest'
import { openEngine } from '../../../conformance/engines.ts'
import { startLoopbackProxy } from '../../../support/proxy/loopback-proxy.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'

test('a connection that is lost between two questions of the start costs a moment, not the process', async () => {
  const redis = await startRedis()
  const awayMs = 700
  let connections = 0
  let awayUntil = 0
  let loseFirst = () => {}
  const { port } = await startLoopbackProxy(Number(new URL(redis.url).port), ({ client, upstream, drop }) => {
    if (performance.now() < awayUntil) return drop()
    connections += 1
    if (connections === 1) loseFirst = drop
    client.on('data', (piece) => upstream.write(piece))
    const isThird = connections === 3
    upstream.on('data', (piece) => {
      if (isThird && awayUntil === 0) {
        // Requests have the first connection. It stays away while the start goes on over the other two.
        awayUntil = performance.now() + awayMs
        loseFirst()
        setTimeout(() => client.write(piece), awayMs / 10)
      } else client.write(piece)
    })
  })
  const engine = await openEngine({ REDIS_URL: `redis://127.0.0.1:${port}` })
  expect(awayUntil).toBeGreaterThan(0)
  expect(await engine.runs.find([])).toEqual([])
})
