import { once } from 'node:events'
import { beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { dataOf, mintToken } from '../../support/isolation/callers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const authorization = `Bearer ${key}`
const hidden = 'HIDDEN-FROM-USERS'
let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=3/words=60', env: { API_KEYS: `owner:${key}` } })
})

const query = `subscription Watch($channelId: ID!, $after: Cursor, $withTime: Boolean!) {
  events: channelEvents(channelId: $channelId, after: $after) {
    __typename cursor
    at @include(if: $withTime)
    ... on DispatchQueued { messages { type text } }
    ... on TextDelta { position text }
    ... on MessageCompleted { message { id type text meta } }
    ... on DispatchCompleted { usage { totalTokens } result { text } }
  }
}`

interface Reader {
  readonly id: string
  readonly credential: string
  readonly withTime: boolean
}

/** The payloads of a subscription's frames as they came, to its end. */
async function watch(channelId: string, { id, credential, withTime }: Reader): Promise<readonly string[]> {
  const socket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws'))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: credential } }))
  await once(socket, 'message')
  const payloads: string[] = []
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)))
    socket.on('message', (data) => {
      const text = String(data)
      if (text === JSON.stringify({ id, type: 'complete' })) resolve()
      else if (text.startsWith(head) && text.endsWith('}')) payloads.push(text.slice(head.length, -1))
      else reject(new Error(text))
    })
  })
  const variables = { channelId, withTime }
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }))
  await ended
  return payloads
}

interface Event {
  readonly __typename: string
  readonly cursor: string
  readonly at?: string
  readonly text?: string
}
const eventOf = (payload: string) => (JSON.parse(payload) as { readonly data: { readonly events: Event } }).data.events
const textOf = (payloads: readonly string[]) => payloads.map((payload) => eventOf(payload).text ?? '').join('')

test('what is sent on the spot is what the same subscription is given from the log, for every kind of reader', async () => {
  const channelId = 'direct-events-channel'
  const token = await mintToken(service.url, key, { channelId })
  const readers: readonly Reader[] = [
    { id: '1', credential: authorization, withTime: false },
    { id: '1', credential: authorization, withTime: true },
    { id: 'a "quoted" ü', credential: authorization, withTime: false },
    { id: '1', credential: `Bearer ${token}`, withTime: false },
  ]
  const sent = vi.spyOn(WebSocket.prototype, 'send')
  const watching = readers.map((reader) => watch(channelId, reader))
  const mutation = `mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }`
  const messages = [
    { type: 'INSTRUCTION', text: hidden },
    { type: 'USER', text: 'Hello ü' },
  ]
  await dataOf(service.url, { query: mutation, variables: { input: { channelId, messages } }, authorization })
  const live = await Promise.all(watching)
  const pulled = sent.mock.calls.filter(([data]) => String(data).includes('"type":"next"')).length
  sent.mockRestore()
  expect(pulled).toBeLessThan(live.flat().length / 4)

  for (const [index, reader] of readers.entries()) {
    const replayed = await watch(channelId, reader)
    const own = live[index] ?? []
    const isFact = (payload: string) => eventOf(payload).__typename !== 'TextDelta'
    expect(own.filter(isFact)).toEqual(replayed.filter(isFact))
    expect(textOf(own)).toBe(textOf(replayed))
    expect(own.every((payload) => (eventOf(payload).at !== undefined) === reader.withTime)).toBe(true)
    expect(own.join().includes(hidden)).toBe(index !== 3)
  }
})
