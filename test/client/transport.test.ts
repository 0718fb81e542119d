import { setTimeout as delay } from 'node:timers/promises'
import { type ChannelEvent, type Credentials, createBackchannel } from 'backchannel-client'
import { beforeAll, expect, test, vi } from 'vitest'
import { createCountingSocket } from '../support/client/counting-socket.ts'
import { startSocketServer } from '../support/client/socket-server.ts'
import { opened } from '../support/lifetime/opened.ts'
import { startUpgradeHoldingProxy } from '../support/proxy/upgrade-holding-proxy.ts'
import { type Service, startService } from '../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=1/words=40', env: { TOKEN_SECRET: 'x'.repeat(43) } })
})

interface Opening {
  /** Answers a request for an event stream. Default: the service does. */
  readonly answerStream?: typeof fetch
  readonly credentials?: Credentials
}

/** A client, and the signals of the event streams that it has asked for. */
function open(url: string, { answerStream = fetch, credentials }: Opening = {}) {
  const socket = createCountingSocket()
  const streams: AbortSignal[] = []
  const client = opened(
    createBackchannel({
      url: `${url}/graphql`,
      webSocket: socket.webSocket,
      credentials,
      fetch(input, init) {
        if (new Headers(init?.headers).get('accept') !== 'text/event-stream') return fetch(input, init)
        if (init?.signal) streams.push(init.signal)
        return answerStream(input, init)
      },
    }),
  )
  return { client, socket, streams }
}

async function kindsOf(events: AsyncIterable<ChannelEvent>): Promise<string[]> {
  const kinds: string[] = []
  for await (const { __typename } of events) kinds.push(__typename)
  return kinds
}

const whole = (kinds: readonly string[]) => {
  const facts = kinds.filter((kind) => kind !== 'TextDelta')
  expect(facts[0]).toBe('DispatchQueued')
  expect(facts.at(-1)).toBe('DispatchCompleted')
  expect(new Set(facts).size).toBe(facts.length)
}

test.concurrent('an upgrade that is swallowed is not waited for: events come beside it, and it is remembered', async () => {
  const proxy = await startUpgradeHoldingProxy(service.url)
  const waiting: number[] = []
  const { client, streams } = open(proxy.url, {
    answerStream(input, init) {
      waiting.push(proxy.waiting)
      return fetch(input, init)
    },
  })
  const { channelId } = await client.dispatch('Hello')
  whole(await kindsOf(client.watch(channelId)))
  expect([proxy.upgrades, streams.length]).toEqual([1, 1])
  // Nobody had given the WebSocket up when the stream was asked for; then nobody needed it.
  expect(waiting).toEqual([1])
  await vi.waitFor(() => expect(proxy.waiting).toBe(0), { timeout: 8_000 })
  whole(await kindsOf(client.watch(channelId)))
  expect([proxy.upgrades, streams.length]).toEqual([1, 2])
})

test.concurrent('a WebSocket that opens late wins where the event stream is not there yet, and stays', async () => {
  const proxy = await startUpgradeHoldingProxy(service.url)
  const { client, socket, streams } = open(proxy.url, {
    answerStream() {
      proxy.release()
      return new Promise(() => {})
    },
  })
  const { channelId } = await client.dispatch('Hello')
  whole(await kindsOf(client.watch(channelId)))
  expect(streams.map(({ aborted }) => aborted)).toEqual([true])
  expect([socket.opened(), socket.subscriptions()]).toEqual([1, 1])
  whole(await kindsOf(client.watch(channelId)))
  expect([streams.length, socket.subscriptions()]).toEqual([1, 2])
})

test.concurrent('a credential that is slow, or refused at first, is no reason to leave WebSockets', async () => {
  const { client: owner } = open(service.url)
  const { channelId } = await owner.dispatch('Hello')
  const request = {
    channelId,
    messages: [{ type: 'USER', text: 'Hello' }],
    channelToken: { expiresInSeconds: 60 },
  } as const
  const token = (await owner.dispatch(request)).channelToken?.token ?? ''
  const given: string[] = []
  const { client, socket, streams } = open(service.url, {
    credentials: {
      async forChannel() {
        await delay(3_000)
        given.push(given.length === 0 ? `${token}x` : token)
        return given.at(-1) ?? ''
      },
    },
  })
  whole(await kindsOf(client.watch(channelId)))
  expect([given.length, streams.length, socket.opened()]).toEqual([2, 0, 2])
})

test.concurrent('the end of one channel, in one piece with its completion, ends no other', async () => {
  const url = await startSocketServer((channelId, send) => {
    const data = (__typename: string) => ({ data: { channelEvents: { __typename, cursor: `c-${__typename}` } } })
    if (channelId === 'lasting') {
      send([{ type: 'next', payload: data('DispatchQueued') }])
      setTimeout(() => send([{ type: 'next', payload: data('DispatchCompleted') }, { type: 'complete' }]), 1_500)
    } else send([{ type: 'next', payload: data('DispatchCompleted') }, { type: 'complete' }])
  })
  const { client, socket } = open(url)
  const lasting = kindsOf(client.watch('lasting'))
  expect(await kindsOf(client.watch('ending'))).toEqual(['DispatchCompleted'])
  expect(await lasting).toEqual(['DispatchQueued', 'DispatchCompleted'])
  expect(socket.opened()).toBe(1)
  // Then nobody needs the connection.
  await vi.waitFor(() => expect(socket.open()).toBe(0), { timeout: 10_000 })
})
