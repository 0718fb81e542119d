import {
  BackchannelError,
  type ChannelEvent,
  type ChannelState,
  type ChannelStore,
  createBackchannel,
} from 'backchannel-client'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { createCountingSocket } from '../support/client/counting-socket.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createCuttingProxy } from '../support/proxy/cutting-proxy.ts'
import { ids } from '../support/run/runs.ts'
import { type Service, startService } from '../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=4/words=80' })
})

const transports = ['websocket', 'sse'] as const
const open = (options: Partial<Parameters<typeof createBackchannel>[0]> = {}) =>
  opened(createBackchannel({ url: `${service.url}/graphql`, ...options }))

async function all(events: AsyncIterable<ChannelEvent>): Promise<ChannelEvent[]> {
  const seen: ChannelEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}

/** Resolves with the first state of a store that fits; every state is recorded. */
function until(store: ChannelStore, fits: (state: ChannelState) => boolean, seen: ChannelState[] = []) {
  return new Promise<ChannelState>((resolve) => {
    const look = () => {
      const state = store.getSnapshot()
      seen.push(state)
      if (!fits(state)) return
      resolve(state)
      queueMicrotask(leave)
    }
    const leave = store.subscribe(look)
    // A store that others have watched may be there already.
    if (fits(store.getSnapshot())) look()
  })
}

const hasEnded = ({ status }: ChannelState) => status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED'
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof BackchannelError ? error.code : error),
  )

async function snapshotOf(channelId: string) {
  const query = `{ dispatch(channelId: "${channelId}") { status cursor messages { id type text meta isComplete }
    pendingCalls { id name arguments answer deadline } result { text finishReason } error { code message } usage {
    inputTokens cachedInputTokens outputTokens reasoningTokens totalTokens discardedTokens iterations calls cost } } }`
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${service.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return (await response.json()).data.dispatch
}

describe.each(transports)('over %s', (transport) => {
  test.concurrent('a store shows at last what the server shows, whoever dispatched and whenever it began', async () => {
    const client = open({ transport })
    const { channelId } = await client.dispatch('Hello')
    const late = open({ transport }).state(channelId)
    const state = await until(client.state(channelId), hasEnded)
    const { isReconnecting, ...shown } = state
    expect(isReconnecting).toBe(false)
    expect(shown).toEqual(await snapshotOf(channelId))
    expect(await until(late, hasEnded)).toEqual(state)
  })

  test.concurrent('a run that waits for a person shows WAITING, and goes on with the answer', async () => {
    const client = open({ transport })
    const ask = { name: 'ask', description: 'Asks.', parameters: { type: 'object' }, result: { await: true } }
    const { channelId } = await client.dispatch({
      messages: [{ type: 'USER', text: 'Please call ask.' }],
      functions: [ask],
    })
    const seen: ChannelState[] = []
    const ended = until(client.state(channelId), hasEnded, seen)
    const waiting = await until(client.state(channelId), ({ status }) => status === 'WAITING')
    expect(waiting.pendingCalls).toMatchObject([{ name: 'ask', answer: 'SUBMIT' }])
    const callId = waiting.pendingCalls[0]?.id ?? ''
    await client.answer({ channelId, callId, data: 'Yes.' })
    await client.answer({ channelId, callId, data: 'Yes.' })
    expect(await codeOf(client.answer({ channelId, callId, data: 'No.' }))).toBe('CONFLICT')
    expect((await ended).result?.text).toContain('ask, and it answered: Yes.')
    expect((await ended).pendingCalls).toEqual([])
    const order = seen.map(({ status }) => status)
    expect(order).toContain('WAITING')
    expect(order.slice(order.lastIndexOf('WAITING') + 1)).toContain('COMPLETED')
  })

  test.concurrent('messages are handed to a run that goes on, once; one that has ended takes none', async () => {
    const client = open()
    const { channelId } = await client.dispatch('Hello')
    const message = { id: 'more', type: 'USER', text: 'More' } as const
    expect(await client.addMessages(channelId, [message])).toMatchObject({ status: expect.any(String) })
    await client.addMessages(channelId, [message])
    const added: string[] = []
    for await (const event of client.watch(channelId)) {
      if (event.__typename === 'MessagesAdded') added.push(...event.messages.map(({ text }) => text))
    }
    expect(added).toEqual(['More'])
    await client.addMessages(channelId, [message])
    await expect(client.addMessages(channelId, 'Too late')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test.concurrent('a page that is opened anew in mid-answer shows at once what was said, and never less', async () => {
    const { channelId } = await open({ transport }).dispatch('Hello')
    const textOf = ({ messages }: ChannelState) => messages.find(({ type }) => type === 'BOT')?.text ?? ''
    await until(open({ transport }).state(channelId), (state) => textOf(state).length > 100)
    const seen: ChannelState[] = []
    await until(open({ transport }).state(channelId), hasEnded, seen)
    const texts = seen.map(textOf)
    expect(texts[0]?.length).toBeGreaterThan(100)
    expect(texts.filter((text, index) => !text.startsWith(texts[index - 1] ?? ''))).toEqual([])
  })

  test.concurrent('leaving the iteration, and aborting it, stop watching; the run goes on', async () => {
    const client = open({ transport })
    const { channelId } = await client.dispatch('Hello')
    for await (const event of client.watch(channelId)) if (event.__typename === 'TextDelta') break
    const abort = new AbortController()
    const reason = new Error('The page was left.')
    const watching = all(client.watch(channelId, { signal: abort.signal }))
    abort.abort(reason)
    await expect(watching).rejects.toBe(reason)
    await expect(all(client.watch(channelId, { signal: abort.signal }))).rejects.toBe(reason)
    const events = await all(client.watch(channelId))
    expect(events.at(-1)?.__typename).toBe('DispatchCompleted')
    const at = events.findIndex(({ __typename }) => __typename === 'DispatchStarted')
    expect((await all(client.watch(channelId, { after: events[at]?.cursor })))[0]?.__typename).toBe('IterationStarted')
  })

  test.concurrent('a watcher who comes before the dispatch gets everything', async () => {
    const client = open({ transport })
    const channelId = ids.channelId()
    const [early, store] = [all(client.watch(channelId)), until(client.state(channelId), hasEnded)]
    await client.dispatch({ channelId, messages: [{ type: 'USER', text: 'Hello' }] })
    expect((await early)[0]?.__typename).toBe('DispatchQueued')
    expect((await store).result?.text).toBeTruthy()
  })

  test.concurrent('a token that expires in mid-stream is replaced, and nobody sees it', async () => {
    const env = { API_KEYS: 'acme:a-key-of-acme-alone', TOKEN_SECRET: 'x'.repeat(43) }
    const guarded = await startService({ model: 'demo/delayMs=20/words=160', env })
    const url = `${guarded.url}/graphql`
    const owner = open({ url, transport, credentials: 'a-key-of-acme-alone' })
    const { channelId } = await owner.dispatch('Hello')
    let minted = 0
    const forChannel = async (id: string) => {
      minted += 1
      const { channelToken } = await owner.dispatch({
        channelId: id,
        messages: [{ type: 'USER', text: 'Hello' }],
        channelToken: { expiresInSeconds: 1 },
      })
      return channelToken?.token ?? ''
    }
    const page = open({ url, transport, credentials: { forChannel } })
    const seen: ChannelState[] = []
    // Subscriptions of their own, which are all refused for one token.
    const starts: string[] = []
    for await (const { cursor } of owner.watch(channelId)) if (starts.push(cursor) === 6) break
    const [events, state, log] = await Promise.all([
      all(page.watch(channelId)),
      until(page.state(channelId), hasEnded, seen),
      all(owner.watch(channelId)),
      ...starts.map((after) => all(page.watch(channelId, { after }))),
    ])
    // A busy machine leaves less of the run to watch.
    expect(minted).toBeGreaterThanOrEqual(2)
    expect(seen.filter(({ error }) => error !== null)).toEqual([])
    expect(state.status).toBe('COMPLETED')
    const texts = (of: ChannelEvent[]) => of.flatMap((event) => (event.__typename === 'TextDelta' ? event.text : []))
    expect(texts(events).join('')).toBe(texts(log).join(''))
    expect(new Set(events.map(({ cursor }) => cursor)).size).toBe(events.length)
    expect(await codeOf(page.dispatch('Hello'))).toBe('UNAUTHENTICATED')
    expect(await codeOf(page.cancel(channelId))).toBe('FORBIDDEN')
  })

  test.concurrent('a credential that is never accepted ends with UNAUTHENTICATED, not in a loop', async () => {
    const env = { API_KEYS: 'acme:a-key-of-acme-alone' }
    const url = `${(await startService({ env })).url}/graphql`
    let asked = 0
    const fresh = () => `wrong-${++asked}`
    const wrong = open({ url, transport, credentials: fresh })
    expect(await codeOf(all(wrong.watch(ids.channelId())))).toBe('UNAUTHENTICATED')
    expect(asked).toBe(3)
    expect(await codeOf(open({ url, transport, credentials: 'wrong' }).dispatch('Hello'))).toBe('UNAUTHENTICATED')
    const state = await until(wrong.state(ids.channelId()), ({ error }) => error !== null)
    expect(state.error?.code).toBe('UNAUTHENTICATED')
    const loggedOut = () => {
      throw new BackchannelError('UNAUTHENTICATED', 'Log in again.')
    }
    const stopped = open({ url, transport, credentials: loggedOut })
    await expect(all(stopped.watch(ids.channelId()))).rejects.toThrow('Log in again.')
  })

  test.concurrent('what the server refuses is a typed error with its issues; what has closed is CLOSED', async () => {
    const client = open({ transport })
    const refused = all(client.watch('short')).catch((error: unknown) => error)
    expect(await refused).toMatchObject({ name: 'BackchannelError', code: 'BAD_USER_INPUT' })
    expect(await codeOf(client.dispatch({ messages: [] }))).toBe('BAD_USER_INPUT')
    expect(await codeOf(client.cancel(ids.channelId()))).toBe('NOT_FOUND')
    const waiting = codeOf(all(client.watch(ids.channelId())))
    await Promise.resolve()
    client.close()
    expect(await waiting).toBe('CLOSED')
  })
})

test('who watches a channel of one page shares one subscription, and all channels one WebSocket', async () => {
  const socket = createCountingSocket()
  const client = open({ webSocket: socket.webSocket })
  const [one, other] = [await client.dispatch('Hello'), await client.dispatch('Hello again')]
  const stores = [0, 1, 2].map(() => until(client.state(one.channelId), hasEnded))
  const watchers = [0, 1, 2].map(() => all(client.watch(other.channelId)))
  let late: Promise<ChannelEvent[]> | undefined
  for await (const event of client.watch(other.channelId)) {
    if (event.__typename === 'TextDelta') late ??= all(client.watch(other.channelId))
  }
  await Promise.all(stores)
  const whole = await Promise.all(watchers)
  expect(new Set(whole.map((events) => events.length)).size).toBe(1)
  expect((await late)?.[0]?.__typename).toBe('DispatchQueued')
  expect((await late)?.at(-1)).toEqual(whole[0]?.at(-1))
  expect(socket.opened()).toBe(1)
  expect(socket.subscriptions()).toBe(2)
})

test('ended channels cost no subscription, and twelve turns no more than one WebSocket', async () => {
  const socket = createCountingSocket()
  const client = open({ webSocket: socket.webSocket })
  const ended = await Promise.all(Array.from({ length: 12 }, () => client.dispatch('Hello')))
  await Promise.all(ended.map(({ channelId }) => until(client.state(channelId), hasEnded)))
  expect([socket.opened(), socket.subscriptions()]).toEqual([1, 12])
  const again = createCountingSocket()
  const anew = open({ webSocket: again.webSocket })
  await Promise.all(ended.map(({ channelId }) => until(anew.state(channelId), hasEnded)))
  expect([again.opened(), again.subscriptions()]).toEqual([0, 0])
})

test('where WebSockets are blocked, or there are none, it watches over Server-Sent Events', async () => {
  const socket = createCountingSocket()
  const blocked = open({ url: `${service.url}/graphql`, webSocket: socket.blocked })
  const { channelId } = await blocked.dispatch('Hello')
  expect((await all(blocked.watch(channelId))).at(-1)?.__typename).toBe('DispatchCompleted')
  expect((await all(blocked.watch(channelId))).at(-1)?.__typename).toBe('DispatchCompleted')
  expect(socket.opened()).toBe(1)
})

test('a dispatch whose answer is lost is sent again, and runs once', async () => {
  const proxy = await createCuttingProxy(service.url)
  const client = open({ url: `${proxy.url}/graphql` })
  proxy.cutAfter(1)
  const { channelId } = await client.dispatch('Hello')
  expect(proxy.connections).toBe(2)
  expect((await all(client.watch(channelId))).filter(({ __typename }) => __typename === 'DispatchQueued')).toHaveLength(
    1,
  )
})

test('a run that is stopped shows what was said until then', async () => {
  const client = open()
  const { channelId } = await client.dispatch('Hello')
  await until(client.state(channelId), ({ messages }) => messages.length > 1)
  expect(await client.cancel(channelId, { reason: 'Enough.' })).toEqual({ status: 'CANCELLED' })
  const { isReconnecting: _, ...state } = await until(client.state(channelId), hasEnded)
  expect(state).toEqual(await snapshotOf(channelId))
})

test('a view that has gone before the connection stood leaves nothing open', async () => {
  const socket = createCountingSocket()
  const client = open({ webSocket: socket.webSocket })
  const { channelId } = await client.dispatch('Hello')
  client.state(channelId).subscribe(() => {})()
  const left = new AbortController()
  const watching = all(client.watch(channelId, { signal: left.signal }))
  left.abort()
  await expect(watching).rejects.toBe(left.signal.reason)
  await vi.waitFor(() => expect([socket.opened(), socket.open()]).toEqual([1, 0]), 10_000)
  expect(socket.subscriptions()).toBeLessThanOrEqual(1)
})
