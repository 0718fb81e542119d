import { createBackchannel } from 'backchannel-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCountingSocket } from '../support/client/counting-socket.ts'
import { opened } from '../support/lifetime/opened.ts'
import { startSwallowingProxy } from '../support/proxy/swallowing-proxy.ts'
import { startService } from '../support/service/start-service.ts'

/** What a browser tells its pages. */
let page: EventTarget
beforeEach(() => {
  page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** Watches a run whose connection says nothing more once the first word has come, and stays open; then the page wakes up. */
async function watchThroughSleep(transport: 'websocket' | 'sse', wake: (pings: () => number) => void) {
  const service = await startService({ model: 'demo/delayMs=20/words=60' })
  const proxy = await startSwallowingProxy(Number(new URL(service.url).port))
  const socket = createCountingSocket()
  const url = `http://127.0.0.1:${proxy.port}/graphql`
  const client = opened(createBackchannel({ url, transport, webSocket: socket.webSocket }))
  const { channelId } = await client.dispatch('Hello')
  let [text, whole] = ['', '']
  for await (const event of client.watch(channelId)) {
    if (event.__typename === 'DispatchCompleted') whole = event.result.text
    if (event.__typename !== 'TextDelta') continue
    if (text === '') {
      await proxy.swallow(() => true)
      proxy.heal()
      wake(socket.pings)
    }
    text += event.text
  }
  expect(text).toBe(whole)
  return socket
}

test('a WebSocket that is dead after a sleep, and looks open, is asked at once and replaced', async () => {
  const since = Date.now()
  const socket = await watchThroughSleep('websocket', (pings) => {
    expect(pings()).toBe(0)
    page.dispatchEvent(new Event('visibilitychange'))
    expect(pings()).toBe(1)
  })
  expect(socket.opened()).toBe(2)
  // The next ping was 15 seconds away, and would have had 10 for its answer.
  expect(Date.now() - since).toBeLessThan(20_000)
})

test('an event stream that was silent over a sleep is asked for again at once', async () => {
  const since = performance.now()
  await watchThroughSleep('sse', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30_000 })
    page.dispatchEvent(new Event('online'))
  })
  expect(performance.now() - since).toBeLessThan(20_000)
})
