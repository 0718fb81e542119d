import { createServer } from 'node:net'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { startService } from '../../support/service/start-service.ts'

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

// Processes start slowly on a machine that does other things as well.
vi.setConfig({ testTimeout: 180_000 })

let inner: string
let port: number
beforeAll(async () => {
  port = await freePort()
  inner = `http://127.0.0.1:${port}`
})

const ask = async (path: string) => {
  const response = await fetch(`${inner}${path}`)
  return { status: response.status, text: await response.text() }
}

describe('the inner port', () => {
  test.each(['api', 'worker'] as const)('of %s answers before Redis does, and says what it waits for', async (role) => {
    const redis = await startRedis()
    await redis.kill('SIGKILL')
    const started = startProcess(role, { REDIS_URL: redis.url, METRICS_PORT: String(port), SHUTDOWN_DRAIN_MS: '1000' })
    await vi.waitFor(async () => expect((await ask('/live')).status).toBe(200), { timeout: 60_000, interval: 20 })
    await vi.waitFor(async () => expect((await ask('/ready')).text).toContain('ECONNREFUSED'), { interval: 20 })
    expect(await ask('/ready')).toEqual({
      status: 503,
      text: JSON.stringify({
        status: 'not ready',
        reason: `starting: Redis cannot be reached at 127.0.0.1:${redis.port} (ECONNREFUSED): nothing listens there; check host and port, and that Redis is up.`,
      }),
    })
    expect((await ask('/metrics')).text).toContain('\nbackchannel_store_up 0\n')
    await redis.restart()
    const running = await started
    await vi.waitFor(async () => expect((await ask('/ready')).status).toBe(200), { timeout: 30_000 })
    const { text } = await ask('/metrics')
    expect(text).toContain('\nbackchannel_store_up 1\n')
    expect(text).toMatch(
      new RegExp(`^backchannel_build_info\\{version=".+",node=".+",role="${role}",engine="Redis"\\} 1$`, 'm'),
    )
    expect((await ask('/else')).status).toBe(404)

    await redis.kill('SIGKILL')
    await vi.waitFor(async () => expect((await ask('/ready')).status).toBe(503), { timeout: 30_000 })
    expect((await ask('/live')).status).toBe(200)
    await redis.restart()
    await vi.waitFor(async () => expect((await ask('/ready')).status).toBe(200), { timeout: 30_000 })
    expect(await running.kill('SIGTERM')).toBe(0)
  })

  test('says that the process is closing, as long as it drains', async () => {
    const service = await startService({ env: { METRICS_PORT: String(port), SHUTDOWN_DRAIN_MS: '3000' } })
    expect((await ask('/ready')).status).toBe(200)
    const closed = service.close()
    expect(await ask('/ready')).toEqual({ status: 503, text: '{"status":"not ready","reason":"closing"}' })
    await closed
    await expect(ask('/live')).rejects.toThrow()
  })
})
