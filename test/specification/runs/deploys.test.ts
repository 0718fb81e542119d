import { connect } from 'node:net'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { applyEvent, type ChannelEvent, emptyConversation } from '../../../examples/stock/reducer.ts'
import { watchExactly } from '../../../examples/stock/watch-exactly.ts'
import { clientNames, openClient, retrying, singleTry } from '../../examples/clients.ts'
import { atLength } from '../../support/at-length.ts'
import { answersIn, declared, eventsOf, stateOf, submit, untilParked } from '../../support/function/function-runs.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startBalancer } from '../../support/proxy/balancer.ts'
import { connectRedisEngine, type RedisEngine } from '../../support/redis/redis-engine.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import { exactTexts } from '../../support/watching/exact-texts.ts'
import {
  collect,
  dispatch,
  graphql,
  type SeenEvent,
  textsByDeltas,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

const asService = (api: ServiceProcess) => ({ url: api.url, wsUrl: api.wsUrl, close: async () => {} })
const cancelMutation = 'mutation ($id: ID!) { cancelDispatch(channelId: $id) { dispatch { status } } }'

// Each starts processes by the dozen.
vi.setConfig({ testTimeout: 180_000 })

let redis: RedisServer
let engine: RedisEngine
let env: Record<string, string>
beforeAll(async () => {
  redis = await startRedis()
  engine = await connectRedisEngine(redis.url)
  env = { REDIS_URL: redis.url, LEASE_MS: '60000' }
})

/** A field of the run's record. */
const recordField = (channelId: string, field: string) => engine.redis.hget(`bc:{a/local/${channelId}}:run`, field)

describe('an API process that receives SIGTERM', () => {
  test('turns unready at once, serves old and new clients until the drain ends, and then all reconnect elsewhere', async () => {
    const api = await startProcess('api', { ...env, SHUTDOWN_DRAIN_MS: '4000' })
    const channelId = ids.channelId()
    const query = `subscription { channelEvents(channelId: "${channelId}") { __typename } }`
    const stream = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    })
    const closing = Promise.withResolvers<number>()
    const frames: string[] = []
    const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws')
    socket.addEventListener('open', () => socket.send('{"type":"connection_init"}'))
    socket.addEventListener('message', ({ data }) => {
      frames.push(JSON.parse(data).type)
      if (frames.length === 1) socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
    })
    socket.addEventListener('close', ({ code }) => closing.resolve(code))
    await vi.waitFor(() => expect(frames).toContain('connection_ack'))

    const gone = api.kill('SIGTERM')
    await vi.waitFor(async () => expect((await fetch(`${api.url}/ready`)).status).toBe(503), { interval: 5 })
    expect((await fetch(`${api.url}/health`)).status).toBe(200)
    expect(await dispatch(api, { channelId })).toBe(channelId)
    // Whoever was there already sees it; nobody has been sent away.
    await vi.waitFor(() => expect(frames).toEqual(['connection_ack', 'next']))

    expect(await closing.promise).toBe(1001)
    // A clean end of the body, but none of the subscription: that would keep stock clients from coming back.
    const body = await stream.text()
    expect(body).toContain('"DispatchQueued"')
    expect(body).not.toContain('event: complete')
    expect(await gone).toBe(0)
  })

  /** Asks over a WebSocket of its own; all frames that come till it is closed, and the code it is closed with. */
  async function askOverWebsocket(api: ServiceProcess, id: string) {
    const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws')
    const frames: unknown[] = []
    socket.addEventListener('open', () => socket.send('{"type":"connection_init"}'))
    socket.addEventListener('message', ({ data }) => {
      frames.push(JSON.parse(data))
      const payload = { query: cancelMutation, variables: { id } }
      if (frames.length === 1) socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }))
    })
    const code = await new Promise((resolve) => socket.addEventListener('close', (event) => resolve(event.code)))
    return { frames, code }
  }

  test('answers what it has been asked before it goes, over HTTP and over WebSocket', async () => {
    const [api, worker] = await Promise.all([
      startProcess('api', { ...env, SHUTDOWN_DRAIN_MS: '0' }),
      startProcess('worker', env),
    ])
    const model = 'demo/delayMs=20/words=2000'
    const [first, second] = await Promise.all([dispatch(api, { model }), dispatch(api, { model })])
    for (const channelId of [first, second])
      for await (const { text } of watchWebsocket(asService(api), { channelId })) if (text !== undefined) break
    // A worker that hears nothing makes the mutation wait its two seconds.
    await worker.kill('SIGSTOP')
    const answered = Promise.all([graphql(api, cancelMutation, { id: first }), askOverWebsocket(api, second)])
    answered.catch(() => {})
    for (const channelId of [first, second])
      await vi.waitFor(async () => expect(await recordField(channelId, 'cancel')).not.toBeNull(), { interval: 5 })
    const exit = await api.kill('SIGTERM')
    await worker.kill('SIGCONT')
    await worker.kill('SIGTERM')
    expect(exit).toBe(0)
    const answer = { data: { cancelDispatch: { dispatch: { status: 'CANCELLED' } } } }
    expect(await answered).toEqual([
      answer,
      {
        frames: [{ type: 'connection_ack' }, { id: '1', type: 'next', payload: answer }, { id: '1', type: 'complete' }],
        code: 1001,
      },
    ])
  })

  test('does not wait for clients that ignore its close or do not read', async () => {
    const api = await startProcess('api', { ...env, SHUTDOWN_DRAIN_MS: '0' })
    const { host, port } = new URL(api.url)
    const mute = opened(connect(Number(port), '127.0.0.1'))
    mute.on('error', () => {})
    mute.write(
      `GET /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    )
    const answer = await new Promise((resolve) => mute.once('data', resolve))
    expect(String(answer)).toMatch(/^HTTP\/1.1 101 /)
    mute.pause()
    expect(await api.kill('SIGTERM')).toBe(0)
  })
})

describe('a worker that receives SIGTERM', () => {
  let api: ServiceProcess
  beforeAll(async () => {
    api = await startProcess('api', env)
  })

  const replacements = atLength(2, 6)
  test('never costs a run its loss budget', async () => {
    let worker = await startProcess('worker', env)
    const channelId = await dispatch(api, { model: 'demo/delayMs=20/words=60' })
    const seen: SeenEvent[] = []
    let replaced = 0
    for await (const event of watchWebsocket(asService(api), { channelId })) {
      seen.push(event)
      // Each attempt is stopped in the middle of its message: at length, more often than the budget allows.
      if (event.text === undefined || seen.at(-2)?.text !== undefined || replaced === replacements) continue
      replaced += 1
      expect(await worker.kill('SIGTERM')).toBe(0)
      expect(await recordField(channelId, 'lost')).toBe('0')
      worker = await startProcess('worker', env)
    }
    expect(replaced).toBe(replacements)
    const attempts = seen.flatMap(({ __typename, attempt }) => (__typename === 'DispatchStarted' ? [attempt] : []))
    expect(attempts).toEqual(Array.from({ length: replacements + 1 }, (_, n) => n + 1))
    expect(seen.filter(({ __typename }) => __typename === 'MessageDiscarded')).toHaveLength(replacements)
    expect(seen.at(-1)?.result?.text).toBe([...textsByDeltas(seen).values()].join(''))
  })

  test('leaves a parked run alone: the next worker gets its answer', async () => {
    const worker = await startProcess('worker', env)
    const channelId = await dispatch(api, {
      messages: [{ type: 'USER', text: 'Please call ask.' }],
      functions: [declared('ask', { result: { await: true } })],
    })
    const { ask } = await untilParked(asService(api), channelId)
    expect(await worker.kill('SIGTERM')).toBe(0)
    expect((await stateOf(api, channelId)).status).toBe('WAITING')
    expect(await submit(api, { channelId, callId: ask?.id }, { data: 42 })).toBe('QUEUED')
    await startProcess('worker', env)
    const events = await eventsOf(asService(api), channelId)
    expect(answersIn(events)).toEqual([['ask', 42]])
    expect(events.at(-1)?.__typename).toBe('DispatchCompleted')
    expect(await recordField(channelId, 'lost')).toBe('0')
  })
})

test('a rolling deploy of two APIs and two workers: every stock client sees every event once, and no run loses its worker', async () => {
  const start = (role: 'api' | 'worker') => startProcess(role, { ...env, SHUTDOWN_DRAIN_MS: '300' })
  const apis = await Promise.all([start('api'), start('api')])
  const workers = await Promise.all([start('worker'), start('worker')])
  const balancer = await startBalancer(...apis)
  const service = { url: balancer.url, wsUrl: balancer.wsUrl, close: async () => {} }
  // Longer than any deploy: what ends the runs is their being cancelled.
  const model = 'demo/delayMs=20/words=50000/reasoning=true'

  const channels = await Promise.all(Array.from({ length: atLength(1, 4) }, () => dispatch(service, { model })))
  const started = Promise.withResolvers<void>()
  let talking = 0
  const watchers = channels.flatMap((channelId) =>
    clientNames.map(async (name) => {
      const exact = openClient[name](balancer, singleTry)
      const stock = openClient[name](balancer, retrying)
      const once: ChannelEvent[] = []
      const again: ChannelEvent[] = []
      await Promise.all([
        watchExactly(
          {
            channelId,
            onEvent: (event) => {
              if (once.length === 5) talking += 1
              once.push(event)
              if (talking === clientNames.length * channels.length) started.resolve()
            },
          },
          (watching) => exact.subscribe(watching),
        ),
        stock.subscribe({ channelId, onEvent: (event) => again.push(event) }),
      ])
      const snapshot = await stock.snapshot(channelId)
      await Promise.all([exact.close(), stock.close()])
      return { name, channelId, once, again, snapshot }
    }),
  )

  await started.promise
  const exits: (number | null)[] = []
  for (const n of [0, 1] as const) {
    const { [n]: api } = apis
    apis[n] = await start('api')
    balancer.targets.push(apis[n])
    exits.push(await api.kill('SIGTERM'))
    balancer.targets.splice(balancer.targets.indexOf(api), 1)
    const { [n]: worker } = workers
    workers[n] = await start('worker')
    exits.push(await worker.kill('SIGTERM'))
  }
  expect(exits).toEqual([0, 0, 0, 0])
  for (const id of channels) await graphql(service, cancelMutation, { id })
  const isFact = ({ __typename }: { __typename: string }) => !__typename.endsWith('Delta')
  for (const { name, channelId, once, again, snapshot } of await Promise.all(watchers)) {
    const log = await collect(watchWebsocket(service, { channelId }))
    expect(log.at(-1)?.__typename).toBe('DispatchCancelled')
    const cursors = (events: readonly { __typename: string; cursor: string }[]) => [
      name,
      ...events.filter(isFact).map(({ cursor }) => cursor),
    ]
    expect(cursors(once)).toEqual(cursors(log))
    expect(exactTexts(once)).toEqual(textsByDeltas(log))
    // By its own retry, from the beginning each time: what it shows is the same.
    expect(again.filter(({ __typename }) => __typename === 'DispatchQueued').length).toBeGreaterThan(1)
    expect(again.reduce(applyEvent, emptyConversation).messages).toEqual(snapshot?.messages)
    expect(await recordField(channelId, 'lost')).toBe('0')
  }
})
