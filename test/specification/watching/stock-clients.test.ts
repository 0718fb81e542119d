import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { WholeDispatchFragment } from '../../../examples/generated/operations.ts'
import { createRetryingClient } from '../../../examples/stock/graphql-ws/create-client.ts'
import { dispatch } from '../../../examples/stock/graphql-ws/dispatch.ts'
import { subscribeUpdates } from '../../../examples/stock/graphql-ws/subscribe-updates.ts'
import { applyEvent, type ChannelEvent, emptyConversation, hasEnded } from '../../../examples/stock/reducer.ts'
import { watchExactly } from '../../../examples/stock/watch-exactly.ts'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import {
  type ClientName,
  type Connections,
  clientNames,
  openClient,
  retrying,
  singleTry,
} from '../../examples/clients.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { type CuttingProxy, createCuttingProxy } from '../../support/proxy/cutting-proxy.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { exactTexts } from '../../support/watching/exact-texts.ts'

/** No option at all, on the `ws` package: Node's own WebSocket reports every drop as an error, which is not retried. */
const asTheyCome: Connections = {
  socket: ({ wsUrl }) => createSocketClient({ url: wsUrl, webSocketImpl: WebSocket }),
  sse: ({ url }) => createSseClient({ url: `${url}/graphql` }),
}

describe.each(engines)('on %s', (_name, _open, start) => {
  let place: EnginePlace
  let service: Service
  beforeAll(async () => {
    place = await start()
    const model = 'demo/delayMs=5/words=300/reasoning=true'
    service = await startService({ model, env: place.env })
  })

  test.concurrent.each(clientNames)(
    '%s, cut off twice, shows by its own retry what the snapshot shows',
    async (name) => {
      const run = await openRun(service, { name, connections: retrying })
      const { events, cuts } = await run.watch((watching) => run.client.subscribe(watching))
      expect(cuts).toBe(2)
      // Each time it came back it sent its first `after` again.
      expect(events.filter(({ __typename }) => __typename === 'DispatchQueued')).toHaveLength(3)
      const snapshot = await run.client.snapshot(run.channelId)
      const conversation = events.reduce(applyEvent, emptyConversation)
      expect(conversation.status).toBe('COMPLETED')
      expect(conversation.messages.map(({ type }) => type)).toEqual(['USER', 'REASONING', 'BOT'])
      expect(conversation.messages).toEqual(snapshot?.messages)
      expect(events.reduce(applyEvent, conversation)).toBe(conversation)
    },
  )

  test.concurrent.each(clientNames)(
    '%s, cut off twice, gets every event exactly once by advancing `after`',
    async (name) => {
      const run = await openRun(service, { name, connections: singleTry })
      const { events, cuts } = await run.watch((watching) =>
        watchExactly(watching, (once) => run.client.subscribe(once)),
      )
      expect(cuts).toBe(2)
      const log: ChannelEvent[] = []
      const direct = opened(openClient[name](service, singleTry))
      await direct.subscribe({ channelId: run.channelId, onEvent: (event) => log.push(event) })
      expect(events.filter(isFact)).toEqual(log.filter(isFact))
      expect(exactTexts(events)).toEqual(exactTexts(log))
      expect(exactTexts(events).size).toBe(2)
    },
  )

  test.concurrent('watching updates, cut off twice, needs neither cursor nor reducer', async () => {
    const proxy = await createCuttingProxy(service.url)
    const client = opened(createRetryingClient(proxy.wsUrl))
    const channelId = await dispatch(client, 'Tell me everything.')
    const cutAt = [100, 600]
    let last: WholeDispatchFragment | undefined
    await subscribeUpdates(client, {
      channelId,
      onUpdate: (update) => {
        last = update
        const length = update.messages.find(({ type }) => type === 'BOT')?.text.length ?? 0
        if (length <= (cutAt[0] ?? Infinity)) return
        cutAt.shift()
        proxy.cut()
      },
    })
    expect(cutAt).toEqual([])
    // One to dispatch, one to watch, and one more after each cut.
    expect(proxy.connections).toBe(4)
    expect(last?.status).toBe('COMPLETED')
    expect(last?.messages.at(-1)).toMatchObject({ text: last?.result?.text, isComplete: true })
  })
})

describe('with no option set', () => {
  let service: Service
  beforeAll(async () => {
    // Long enough to be cut off again after the first wait for a retry, of up to 4 seconds.
    service = await startService({ model: 'demo/delayMs=5/words=1500' })
  })

  test.concurrent.each(clientNames)('%s shows what the snapshot shows, after two lost connections', async (name) => {
    const run = await openRun(service, { name, connections: asTheyCome })
    const { conversation, cuts } = await run.watch((watching) => run.client.subscribe(watching))
    expect(cuts).toBe(2)
    expect(conversation.messages).toEqual((await run.client.snapshot(run.channelId))?.messages)
  })

  test('graphql-ws stops retrying once a reconnect is refused, for example while a server restarts', async () => {
    const run = await openRun(service, { name: 'graphql-ws', connections: asTheyCome })
    const watching = run.client.subscribe({ channelId: run.channelId, onEvent: () => run.proxy.refuseAndCut() })
    await expect(watching).rejects.toBeDefined()
    expect(run.proxy.refusals).toBe(1)
  })
})

test.concurrent.each(clientNames)(
  '%s with the options of its example reconnects after a refused connection',
  async (name) => {
    const service = await startService({ model: 'demo/delayMs=5' })
    const run = await openRun(service, { name, connections: retrying })
    let ending: ChannelEvent | undefined
    let isCut = false
    const onEvent = (event: ChannelEvent) => {
      ending = event
      if (!isCut) run.proxy.refuseAndCut()
      isCut = true
    }
    const watching = run.client.subscribe({ channelId: run.channelId, onEvent })
    await expect.poll(() => run.proxy.refusals, { timeout: 10_000 }).toBeGreaterThanOrEqual(3)
    run.proxy.accept()
    await watching
    expect(ending?.__typename).toBe('DispatchCompleted')
  },
)

interface RunOptions {
  readonly name: ClientName
  readonly connections: Connections
}

/** A run dispatched by a client that has a proxy between itself and the service. */
async function openRun(service: Service, { name, connections }: RunOptions) {
  const proxy: CuttingProxy = await createCuttingProxy(service.url)
  const client = opened(openClient[name](proxy, connections))
  const channelId = await client.dispatch('Tell me everything.')
  return {
    client,
    channelId,
    proxy: {
      accept: proxy.accept,
      get refusals() {
        return proxy.refusals
      },
      refuseAndCut() {
        proxy.refuse()
        proxy.cut()
      },
    },

    /** Cuts all connections whenever 30 events have come since the last cut, twice. Resolves when `subscribe` does. */
    async watch(subscribe: (watching: { channelId: string; onEvent(event: ChannelEvent): void }) => Promise<void>) {
      const events: ChannelEvent[] = []
      const answers: string[] = []
      let conversation = emptyConversation
      let cuts = 0
      let sinceCut = 0
      await subscribe({
        channelId,
        onEvent(event) {
          events.push(event)
          conversation = applyEvent(conversation, event)
          answers.push(conversation.messages.findLast(({ type }) => type === 'BOT')?.text ?? '')
          sinceCut += 1
          if (cuts === 2 || sinceCut < 30 || hasEnded(conversation)) return
          cuts += 1
          sinceCut = 0
          proxy.cut()
        },
      })
      return { events, conversation, answers, cuts }
    },
  }
}

function isFact({ __typename }: ChannelEvent): boolean {
  return __typename !== 'TextDelta' && __typename !== 'ReasoningDelta'
}
