import { beforeAll, describe, expect, test, vi } from 'vitest'
import { atLength } from '../../support/at-length.ts'
import { type SwallowingProxy, startSwallowingProxy } from '../../support/proxy/swallowing-proxy.ts'
import { connectRedisEngine, type RedisEngine } from '../../support/redis/redis-engine.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import { collect, watchWebsocket } from '../../support/watching/watchers.ts'

vi.setConfig({ testTimeout: 60_000 })

interface Input {
  readonly channelId: string
  readonly text: string
}

/** The channel's id, or the code of the refusal. */
type Send = (url: string, input: Input, signal?: AbortSignal) => Promise<string>

const model = 'demo/delayMs=2/words=20'
const rounds = atLength(4, 10)

async function post(url: string, body: object, signal: AbortSignal | undefined) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: signal ?? null })
  return response.json()
}

const apis: readonly (readonly [name: string, send: Send, conflict: string, unavailable: string])[] = [
  [
    'GraphQL',
    async (url, { channelId, text }, signal) => {
      const query =
        'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId dispatch { createdAt } } }'
      const input = { channelId, model, messages: [{ type: 'USER', text }] }
      const { data, errors } = (await post(`${url}/graphql`, { query, variables: { input } }, signal)) as {
        data?: { dispatchConversation: { channelId: string; dispatch: { createdAt: string } } } | null
        errors?: readonly [{ extensions: { code: string } }]
      }
      if (errors !== undefined) return errors[0].extensions.code
      return `${data?.dispatchConversation.channelId} of ${data?.dispatchConversation.dispatch.createdAt}`
    },
    'CONFLICT',
    'UNAVAILABLE',
  ],
  [
    'REST',
    async (url, { channelId, text }, signal) => {
      const body = { channelId, model, messages: [{ type: 'user', text }] }
      const answer = (await post(`${url}/v1/conversation/dispatch`, body, signal)) as {
        channelId?: string
        code?: string
      }
      return answer.channelId ?? answer.code ?? ''
    },
    'CONFLICT',
    'SERVICE_UNAVAILABLE',
  ],
]

let redis: RedisServer
let toRedis: SwallowingProxy
let toFirst: SwallowingProxy
let engine: RedisEngine
let first: ServiceProcess
let second: ServiceProcess
beforeAll(async () => {
  redis = await startRedis()
  engine = await connectRedisEngine(redis.url)
  toRedis = await startSwallowingProxy(redis.port)
  const env = { RETENTION_SECONDS: '3', RECORD_RETENTION_SECONDS: '3600' }
  ;[first, second] = await Promise.all([
    startProcess('api', { ...env, REDIS_URL: `redis://127.0.0.1:${toRedis.port}` }),
    startProcess('api', { ...env, REDIS_URL: redis.url }),
    startProcess('worker', { ...env, REDIS_URL: redis.url }),
  ])
  toFirst = await startSwallowingProxy(Number(new URL(first.url).port))
})

/** Everything that the run has become, once it has ended. */
async function expectOneRun(channelId: string): Promise<void> {
  const events = await collect(watchWebsocket({ ...second, close: async () => {} }, { channelId }))
  const kinds = events.map(({ __typename }) => __typename).filter((kind) => !kind.endsWith('Delta'))
  expect(kinds).toEqual([
    'DispatchQueued',
    'DispatchStarted',
    'IterationStarted',
    'MessageCompleted',
    'IterationFinished',
    'DispatchCompleted',
  ])
}

describe.each(apis)('the same dispatch over %s', (_name, send, conflict, unavailable) => {
  const input = (text = 'Hello'): Input => ({ channelId: ids.channelId(), text })
  const toBoth = (same: Input) => Promise.all([first, second, first, second].map(({ url }) => send(url, same)))
  const expectConflict = async (same: Input) =>
    expect(await toBoth({ ...same, text: 'Something else' })).toEqual([conflict, conflict, conflict, conflict])

  test('sent to two processes at once is one run with the same answer', async () => {
    for (let round = 0; round < rounds; round++) {
      const same = input()
      const answers = await toBoth(same)
      expect(answers[0]).toContain(same.channelId)
      expect(new Set(answers).size).toBe(1)
      await expectConflict(same)
      await expectOneRun(same.channelId)
    }
  })

  test('sent to two processes at once with different inputs runs one of them, and the other is a conflict', async () => {
    for (let round = 0; round < rounds; round++) {
      const one = input('One')
      const other = { ...one, text: 'Other' }
      const both = [one, other, one, other]
      const answers = await Promise.all(both.map((each, n) => send((n < 2 ? first : second).url, each)))
      const refused = answers.map((answer) => answer === conflict)
      expect([
        [true, false, true, false],
        [false, true, false, true],
      ]).toContainEqual(refused)
      await expectOneRun(one.channelId)
    }
  })

  test('repeated on another process after a timeout is one run', async () => {
    const same = input()
    const swallowed = toFirst.swallow(() => true)
    const giveUp = new AbortController()
    const sent = send(`http://127.0.0.1:${toFirst.port}`, same, giveUp.signal)
    await swallowed
    giveUp.abort()
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
    toFirst.recover()
    const answers = await toBoth(same)
    expect(answers[0]).toContain(same.channelId)
    expect(new Set(answers).size).toBe(1)
    await expectConflict(same)
    await expectOneRun(same.channelId)
  })

  test('repeated on another process after the first lost its reply from Redis is one run', async () => {
    const same = input()
    // The script that has written the record; the job is not queued yet.
    const swallowed = toRedis.swallow((reply) => reply.includes('\r\ncreated\r\n'))
    const sent = send(first.url, same)
    await swallowed
    const retried = await send(second.url, same)
    const isOneRun = expectOneRun(same.channelId)
    expect(await sent).toBe(unavailable)
    toRedis.recover()
    await vi.waitFor(async () => expect(await toBoth(same)).toEqual([retried, retried, retried, retried]), {
      timeout: 10_000,
    })
    expect(retried).toContain(same.channelId)
    await expectConflict(same)
    await isOneRun
  })

  test('repeated after the log is gone returns the same answer and starts no other run', async () => {
    const same = input()
    const answer = await send(first.url, same)
    await expectOneRun(same.channelId)
    const key = (kind: string) => `bc:{a/local/${same.channelId}}:${kind}`
    await vi.waitFor(async () => expect(await engine.redis.exists(key('log'), key('facts'), key('packed'))).toBe(0), {
      timeout: 20_000,
      interval: 100,
    })
    const record = await engine.redis.hgetall(key('run'))
    expect(await toBoth(same)).toEqual([answer, answer, answer, answer])
    await expectConflict(same)
    expect(record['status']).toBe('completed')
    expect(await engine.redis.hgetall(key('run'))).toEqual(record)
    expect(await engine.redis.exists(key('log'), key('facts'), key('packed'), key('request'))).toBe(0)
    const watching = collect(watchWebsocket({ ...second, close: async () => {} }, { channelId: same.channelId }))
    await expect(watching).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })
})
