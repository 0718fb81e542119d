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

const india = { zone: 'Asia/Calcutta', minutes: 330 }

/** What clients fill in, and the zone and clock that the prompt has then; by the offset from UTC in minutes. */
test.each([
  ['an alias, which browsers still tell', 'Asia/Calcutta', india],
  ['an alias of the United States', 'US/Arizona', { zone: 'US/Arizona', minutes: -420 }],
  ['Android, for a zone without a name', 'GMT+05:30', { zone: '+05:30', minutes: 330 }],
  ['iOS, for the same', 'GMT+0530', { zone: '+05:30', minutes: 330 }],
  ['an offset alone', '+0530', { zone: '+05:30', minutes: 330 }],
  ['an offset of whole hours', 'UTC+2', { zone: 'Etc/GMT-2', minutes: 120 }],
  ['a header that a proxy has joined', 'Asia/Calcutta, Asia/Calcutta', india],
  ['a value that was encoded', 'Asia%2FCalcutta', india],
  ['a browser that does not know', 'undefined', { zone: 'UTC', minutes: 0 }],
  ['an engine that does not know', 'Etc/Unknown', { zone: 'UTC', minutes: 0 }],
  ['nothing', '', { zone: 'UTC', minutes: 0 }],
  ['a name newer than this server', 'America/New_Town_Of_2031', { zone: 'UTC', minutes: 0 }],
])('the prompt has the time zone of %s: %j, on every transport', async (_who, header, { zone, minutes }) => {
  const model = extended.play({ lines: ['Then.'] })
  const backstory = 'It is ${EARTH_DATE} ${EARTH_TIME} in ${EARTH_TIMEZONE}.'
  const clock = () => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16).replace('T', ' ')
  const begun = clock()
  const input = { messages, backstory, model: model.name }
  const replies = [
    await overHttp(input, { 'X-Timezone': header }),
    await overWebsocket(input, { 'X-Timezone': header }),
  ].map(({ data }) => data?.dispatchConversation.channelId)
  const rest = await fetch(`${extended.service.url}/v1/conversation/dispatch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-timezone': header },
    body: JSON.stringify({ backstory, model: model.name, messages: [{ type: 'user', text: 'When?' }] }),
  })
  const { channelId } = (await rest.json()) as { channelId: string }
  for (const id of [...replies, channelId]) await collect(watchWebsocket(extended.service, { channelId: id ?? '' }))
  const prompts = model.calls.map(({ prompt }) => /It is (.{16}) in (\S+)\./.exec(JSON.stringify(prompt))?.slice(1))
  expect(prompts).toHaveLength(3)
  for (const [time, told] of prompts.map((each) => each ?? [])) {
    expect([begun, clock()]).toContain(time)
    expect(told).toBe(zone)
  }
})

test('the field overrides the header', async () => {
  const reply = await overHttp({ ...playing(), timezone: 'Europe/Berlin' }, { 'X-Timezone': 'Asia/Kolkata' })
  expect(await zoneOf(reply)).toBe('Europe/Berlin')
})

test.each(['+25:00', 'Mars/Olympus', 'Nowhere', '../etc', 'India Standard Time'])(
  'a header of %j is refused by name',
  async (zone) => {
    const { errors } = await overHttp({ messages }, { 'X-Timezone': zone })
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          issues: [{ path: ['X-Timezone'], message: expect.stringContaining('IANA') }],
        },
      },
    ])
  },
)

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
