import { createClient } from 'graphql-ws'
import { beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { opened } from '../../support/lifetime/opened.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'
import { collect, watchWebsocket } from '../../support/watching/watchers.ts'

let extended: Awaited<ReturnType<typeof startExtendedService>>
beforeAll(async () => {
  extended = await startExtendedService()
})

const query = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
const messages = [{ type: 'USER', text: 'When?' }]
const time = { extensions: { features: [{ name: 'time' }] }, messages }

interface Reply {
  readonly data?: { readonly dispatchConversation: { readonly channelId: string } } | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[]
}

async function overHttp(input: object, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(`${extended.service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { input } }),
  })
  return (await response.json()) as Reply
}

async function overWebsocket(input: object, connectionParams: Record<string, unknown>): Promise<Reply> {
  const url = extended.service.wsUrl
  const client = opened(createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams }))
  const { value } = await client.iterate({ query, variables: { input } }).next()
  return value as unknown as Reply
}

/** The zone that a run's ability tells, and the hours of its clock. */
async function zoneOf(reply: Reply): Promise<string> {
  const channelId = reply.data?.dispatchConversation.channelId ?? ''
  const events = await collect(watchWebsocket(extended.service, { channelId }))
  const { data } = events.find(({ __typename }) => __typename === 'FunctionCallCompleted') ?? {}
  return (data as { timezone: string }).timezone
}
const playing = () => {
  const model = extended.play({ lines: [{ call: 'time' }] }, { lines: ['Then.'] })
  return { ...time, model: model.name }
}

test('without a time zone a run uses UTC', async () => {
  expect(await zoneOf(await overHttp(playing()))).toBe('UTC')
})

test('the X-Timezone header sets the time zone of a run on HTTP', async () => {
  expect(await zoneOf(await overHttp(playing(), { 'X-Timezone': 'Asia/Kolkata' }))).toBe('Asia/Kolkata')
})

test('and in connection_init', async () => {
  expect(await zoneOf(await overWebsocket(playing(), { 'X-Timezone': 'America/St_Johns' }))).toBe('America/St_Johns')
  expect(await zoneOf(await overWebsocket(playing(), { 'x-timezone': 'Asia/Tokyo' }))).toBe('Asia/Tokyo')
})

test('the field overrides the header', async () => {
  const reply = await overHttp({ ...playing(), timezone: 'Europe/Berlin' }, { 'X-Timezone': 'Asia/Kolkata' })
  expect(await zoneOf(reply)).toBe('Europe/Berlin')
})

test.each(['+01:00', 'Mars/Olympus', 'Nowhere', '../etc'])('a header of %j is refused by name', async (zone) => {
  const { errors } = await overHttp({ messages }, { 'X-Timezone': zone })
  expect(errors).toMatchObject([
    {
      extensions: {
        code: 'BAD_USER_INPUT',
        issues: [{ path: ['X-Timezone'], message: expect.stringContaining('IANA') }],
      },
    },
  ])
})

test.each(['+01:00', 'Mars/Olympus', '', 7])('a field of %j is refused by name', async (timezone) => {
  const { errors } = await overHttp({ messages, timezone })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'timezone'] }] } }])
})

test('the same dispatch with another header is a different input: CONFLICT', async () => {
  const input = { messages, channelId: 'timezone-of-this-channel' }
  expect(await overHttp(input, { 'X-Timezone': 'Asia/Tokyo' })).toHaveProperty('data.dispatchConversation.channelId')
  expect(await overHttp(input, { 'X-Timezone': 'Asia/Tokyo' })).toHaveProperty('data.dispatchConversation.channelId')
  expect((await overHttp(input)).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }])
})
