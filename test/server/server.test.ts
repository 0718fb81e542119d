import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createApis } from '../../src/api/apis.ts'
import { graphqlPaths } from '../../src/api/graphql/api.ts'
import type { Services } from '../../src/api/services.ts'
import { readConfig } from '../../src/config/config.ts'
import { createGraphiql } from '../../src/server/graphiql/graphiql.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import { opened } from '../support/lifetime/opened.ts'
import { startRedis } from '../support/redis/redis-server.ts'
import { startService } from '../support/service/start-service.ts'
import { apiDeps } from './edge.ts'

/** Nothing here asks for any. */
const noServices: Partial<Services> = { resources: { datasets: {}, skillsets: {} } } as Services

async function start(readiness: () => Promise<unknown> = async () => {}): Promise<RunningServer> {
  return opened(
    await startServer({
      host: '127.0.0.1',
      port: 0,
      apis: createApis(apiDeps(noServices)),
      graphiql: createGraphiql({ paths: graphqlPaths, channelId: () => 'channel-of-this-test' }),
      isOpen: true,
      settings: readConfig({}, 'all'),
      reportDefect: () => 'err_1',
      readiness,
      keptIn: 'Redis',
      drainMs: 0,
    }),
  )
}

async function statusOf(url: string): Promise<readonly [number, unknown]> {
  const response = await fetch(url)
  return [response.status, await response.json()]
}

describe('health', () => {
  test('is 200 while the process lives, whatever the state of its dependencies', async () => {
    const { url } = await start(() => Promise.reject(new Error('no Redis')))
    expect(await statusOf(`${url}/health`)).toEqual([200, { status: 'alive' }])
  })
})

describe('readiness', () => {
  test('is 503 while a part cannot be reached, and 200 again afterwards', async () => {
    let reachable = false
    const { url } = await start(async () => {
      if (!reachable) throw new Error('no Redis')
    })
    expect(await statusOf(`${url}/ready`)).toEqual([503, { status: 'not ready' }])
    reachable = true
    expect(await statusOf(`${url}/ready`)).toEqual([200, { status: 'ready', keptIn: 'Redis' }])
  })

  test('is 503 when a part does not answer', async () => {
    const { url } = await start(() => new Promise(() => {}))
    expect(await statusOf(`${url}/ready`)).toEqual([503, { status: 'not ready' }])
  })

  test('is 503 once the server stops accepting, while it still serves', async () => {
    const server = await start()
    expect(await statusOf(`${server.url}/ready`)).toEqual([200, { status: 'ready', keptIn: 'Redis' }])
    server.stopAccepting()
    expect(await statusOf(`${server.url}/ready`)).toEqual([503, { status: 'not ready' }])
    expect(await statusOf(`${server.url}/health`)).toEqual([200, { status: 'alive' }])
  })

  test.for(['SIGSTOP', 'SIGKILL'] as const)('follows a Redis that gets %s, down and up again', async (signal) => {
    const redis = await startRedis()
    const service = await startService({ redisUrl: redis.url, role: 'api' })
    const ready = async () => (await fetch(`${service.url}/ready`)).status
    expect(await ready()).toBe(200)
    await redis.kill(signal)
    expect(await ready()).toBe(503)
    if (signal === 'SIGSTOP') await redis.kill('SIGCONT')
    else await redis.restart()
    await expect.poll(ready, { timeout: 10_000 }).toBe(200)
  })
})

describe('paths', () => {
  test('without a route are a 404 in JSON', async () => {
    const { url } = await start()
    const message = 'There is nothing at /nowhere.'
    expect(await statusOf(`${url}/nowhere?a=b`)).toEqual([
      404,
      { errors: [{ message, extensions: { code: 'NOT_FOUND' } }] },
    ])
  })

  test('HEAD answers like GET, without the body', async () => {
    const { url } = await start()
    const html = { accept: 'text/html', 'accept-encoding': 'identity' }
    const page = await (await fetch(`${url}/graphql`, { headers: html })).text()
    const asset = /"(\/graphql\/assets\/boot\.[^"]+)"/.exec(page)?.[1]
    for (const path of ['/graphql', asset, '/health', '/ready', '/nowhere']) {
      const get = await fetch(`${url}${path}`, { headers: html })
      const head = await fetch(`${url}${path}`, { headers: html, method: 'HEAD' })
      expect(head.status, path).toBe(get.status)
      expect(head.headers.get('content-type'), path).toBe(get.headers.get('content-type'))
      expect(Number(head.headers.get('content-length')), path).toBe((await get.arrayBuffer()).byteLength)
      expect((await head.arrayBuffer()).byteLength, path).toBe(0)
    }
  })
})

test('a defect of a route is masked, as JSON', async () => {
  const server = opened(
    await startServer({
      host: '127.0.0.1',
      port: 0,
      apis: createApis(apiDeps(noServices)),
      graphiql: () => Promise.reject(new Error('hunter2')),
      isOpen: true,
      settings: readConfig({}, 'all'),
      reportDefect: () => 'err_1',
      readiness: async () => {},
      keptIn: 'Redis',
      drainMs: 0,
    }),
  )
  const response = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } })
  const message = 'The server failed. It was logged as err_1.'
  expect([response.status, await response.json()]).toEqual([
    500,
    { errors: [{ message, extensions: { code: 'INTERNAL' } }] },
  ])
})

test('closing ends streams without completing their subscriptions, and cuts idle connections', async () => {
  const service = await startService()
  const idle = connect(Number(new URL(service.url).port), '127.0.0.1')
  await once(idle, 'connect')
  const stream = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: '{"query":"subscription { channelEvents(channelId: \\"channel-of-this-test\\") { cursor } }"}',
  })
  const ended = stream.text()
  const idleClosed = new Promise((resolve) => idle.once('close', resolve))
  idle.resume()
  await service.close()
  expect(await ended).toMatch(/^(:\n\n)+$/)
  await idleClosed
})
