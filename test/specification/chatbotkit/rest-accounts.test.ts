import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ChatBotKit } from '@chatbotkit/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTokens } from '../../../src/access/token.ts'
import type { AccountId, ChannelId } from '../../../src/kernel/ids.ts'
import { request } from '../../support/chatbotkit.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const tokenSecret = 'a-secret-of-thirty-two-bytes-or-more'
const tokens = createTokens({ secret: Buffer.from(tokenSecret), clock: () => Date.now() })

const files = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end('HIDDEN')
})
let fileUrl: string
let service: Service
beforeAll(async () => {
  await new Promise<void>((resolve) => opened(files).listen(0, '127.0.0.1', resolve))
  const { port } = files.address() as AddressInfo
  fileUrl = `http://127.0.0.1:${port}/notes.txt`
  service = await startService({
    model: 'scripted',
    providers: [scriptedProvider(createScriptedModel([{ lines: ['Well.'] }]))],
    env: {
      API_KEYS: 'ada:key-of-ada-0123456789,bob:key-of-bob-0123456789',
      TOKEN_SECRET: tokenSecret,
      FETCH_ALLOW: `127.0.0.1:${port}`,
    },
  })
})

const ada = 'key-of-ada-0123456789'
const bob = 'key-of-bob-0123456789'
const client = (secret: string) => new ChatBotKit({ secret, baseUrl: service.url })

async function statusOf(method: string, path: string, credential: string | null, body?: object) {
  const response = await fetch(`${service.url}/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(credential !== null && { authorization: `Bearer ${credential}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

async function mint(channelId: string, allow: readonly ('answer' | 'cancel' | 'publish')[] = [], seconds = 60) {
  const key = { account: 'ada' as AccountId, channel: channelId as ChannelId }
  const { token } = await tokens.forChannel(key, { allow, expiresInSeconds: seconds })
  return token
}

test.each([
  ['no key', null],
  ['a wrong key', 'key-of-nobody-0123456789'],
])('with %s nothing is answered, not even what is wrong', async (_title, credential) => {
  for (const path of ['/conversation/dispatch', '/conversation/complete', '/nothing', '/bot/create']) {
    const { status, text } = await statusOf('POST', path, credential, { wrong: true })
    expect([path, status, JSON.parse(text).code]).toEqual([path, 401, 'NOT_AUTHENTICATED'])
  }
})

test('two accounts choose the same channel id, and neither sees the other’s channel', async () => {
  const channelId = 'the-same-channel-0123456789'
  await client(ada).conversation.dispatch(null, request({ channelId, messages: [{ type: 'user', text: 'ada' }] }))
  const absent = await statusOf('GET', `/conversation/dispatch/${channelId}`, bob)
  expect(absent).toEqual(await statusOf('GET', '/conversation/dispatch/channel-of-nobody-0123', bob))
  expect(await statusOf('POST', `/conversation/dispatch/${channelId}/cancel`, bob, {})).toEqual(absent)
  await client(bob).conversation.dispatch(null, request({ channelId, messages: [{ type: 'user', text: 'bob' }] }))
  const { id } = await client(ada).bot.create({ name: 'A' } as never)
  const others = await Promise.all(
    ['fetch', 'update', 'delete'].map((name) =>
      statusOf(name === 'fetch' ? 'GET' : 'POST', `/bot/${id}/${name}`, bob, name === 'fetch' ? undefined : {}),
    ),
  )
  for (const other of others) {
    expect(other).toEqual({ status: 404, text: '{"message":"There is no bot by that id.","code":"NOT_FOUND"}' })
  }
  expect((await client(bob).bot.list()).items).toEqual([])
})

describe('a channel token', () => {
  const channelId = 'a-channel-with-a-token-0123'
  beforeAll(async () => {
    const messages = [
      { type: 'user', text: 'Hi' },
      { type: 'instruction', text: 'HIDDEN' },
    ]
    const attachments = [{ url: fileUrl }]
    await client(ada).conversation.dispatch(null, request({ channelId, messages, backstory: 'HIDDEN', attachments }))
  })

  test('reads its channel and its status as an end user', async () => {
    const { status, text } = await statusOf('POST', `/channel/${channelId}/subscribe`, await mint(channelId), {})
    expect([status, text.includes('"type":"result"'), text.includes('HIDDEN')]).toEqual([200, true, false])
    expect((await statusOf('POST', `/channel/${channelId}/subscribe`, ada, {})).text).toContain('HIDDEN')
    expect((await statusOf('GET', `/conversation/dispatch/${channelId}`, await mint(channelId))).status).toBe(200)
  })

  test.each([
    ['another channel', 'POST', '/channel/channel-of-someone-else/subscribe', {}],
    ['publishing', 'POST', `/channel/${channelId}/publish`, { message: {} }],
    ['cancelling', 'POST', `/conversation/dispatch/${channelId}/cancel`, {}],
    ['dispatching', 'POST', '/conversation/dispatch', { messages: [{ type: 'user', text: 'Hi' }] }],
    ['completing', 'POST', '/conversation/complete', { messages: [{ type: 'user', text: 'Hi' }] }],
    ['lists', 'GET', '/bot/list', undefined],
    ['secrets', 'GET', '/secret/list', undefined],
    ['ensuring a contact', 'POST', '/contact/ensure', { fingerprint: 'f' }],
    ['the sample call', 'POST', '/conversation/[object%20Object]/dispatch', {}],
  ])('does not open %s', async (_title, method, path, body) => {
    const { status, text } = await statusOf(method, path, await mint(channelId), body)
    expect([status, JSON.parse(text).code]).toEqual([403, 'NOT_AUTHORIZED'])
  })

  test('publishes and cancels if its permissions allow it', async () => {
    const open = 'a-channel-to-talk-on-012345'
    const token = await mint(open, ['publish', 'cancel'])
    expect((await statusOf('POST', `/channel/${open}/publish`, token, { message: { a: 1 } })).status).toBe(200)
    expect((await statusOf('POST', `/conversation/dispatch/${open}/cancel`, token, {})).status).toBe(404)
  })

  test('ends its subscription at expiry with an error that says so', async () => {
    const silent = 'a-channel-where-nothing-is'
    const { status, text } = await statusOf('POST', `/channel/${silent}/subscribe`, await mint(silent, [], 1), {})
    expect(status).toBe(200)
    expect(text).toBe(
      '{"type":"nop","data":{}}\n{"type":"error","data":{"message":"The token has expired.","code":"NOT_AUTHENTICATED"}}\n',
    )
  })
})

test('an account that follows too many channels at once gets LIMIT_EXCEEDED with advice; HEAD follows none', async () => {
  const limited = await startService({ env: { SUBSCRIPTIONS_PER_ACCOUNT: '2' } })
  const subscribe = (method = 'POST') =>
    fetch(`${limited.url}/v1/channel/nobody-is-here-01234567/subscribe`, { method })
  for (const method of ['HEAD', 'HEAD', 'HEAD']) expect((await subscribe(method)).status).toBe(200)
  const first = await subscribe()
  await subscribe()
  const third = await subscribe()
  expect([third.status, third.headers.get('retry-after')]).toEqual([429, '5'])
  await first.body?.cancel()
  await expect.poll(async () => (await subscribe()).status).toBe(200)
})
