import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { startExtendedService } from '../../support/service/extended-service.ts'

let extended: Awaited<ReturnType<typeof startExtendedService>>
beforeAll(async () => {
  extended = await startExtendedService()
})

const messages = [{ type: 'user', text: 'Hi' }]

function post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${extended.service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function refusal(response: Response) {
  return { status: response.status, ...((await response.json()) as { message: string; code: string }) }
}

async function dispatched(...lines: string[]): Promise<string> {
  const { name: model } = extended.play({ lines })
  const response = await post('/v1/conversation/dispatch', { model, messages })
  return ((await response.json()) as { channelId: string }).channelId
}

test.each(['/v1', '/api/v1'])('everything is under %s', async (prefix) => {
  const { name: model } = extended.play({ lines: ['Well.'] })
  const response = await post(`${prefix}/conversation/complete`, { model, messages })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(await response.json()).toEqual({ text: 'Well.', usage: { token: 15 }, end: { reason: 'stop' } })
  const graphql = await post(`${prefix}/graphql`, { query: '{ __typename }' }, { accept: '*/*' })
  expect([graphql.status, graphql.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'application/json'])
  expect(await graphql.json()).toEqual({ data: { __typename: 'Query' } })
})

test('a stream is ASCII with one object per line, one write per line, and no empty lines', async () => {
  const channelId = await dispatched('Grüße, ', '世界 ', '😀\u2028\n', 'end')
  const url = new URL(`${extended.service.url}/v1/channel/${channelId}/subscribe`)
  const chunks = await new Promise<Buffer[]>((resolve) => {
    const got: Buffer[] = []
    httpRequest(url, { method: 'POST' }, (response) => {
      expect(response.headers['content-type']).toBe('application/jsonl')
      response.on('data', (chunk: Buffer) => got.push(chunk)).once('end', () => resolve(got))
    }).end()
  })
  const text = Buffer.concat(chunks).toString('latin1')
  expect(text).toMatch(/^[\x20-\x7e\n]+$/)
  expect(text.endsWith('}\n')).toBe(true)
  const lines = text.slice(0, -1).split('\n')
  expect(lines[0]).toBe('{"type":"nop","data":{}}')
  const events = lines.map((line) => JSON.parse(line) as { data: { type?: string; data?: { text?: string } } })
  expect(events.at(-1)?.data.data?.text).toBe('Grüße, 世界 😀\u2028\nend')
  for (const chunk of chunks) expect(chunk.at(-1)).toBe('\n'.charCodeAt(0))
})

interface Sent {
  readonly id: string | null
  readonly event: string
  readonly data: { readonly type: string; readonly data: unknown }
}

async function sse(response: Response): Promise<Sent[]> {
  const text = await response.text()
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)))
      return { id: fields['id'] ?? null, event: fields['event'], data: JSON.parse(fields['data']) }
    })
}

/** Adjacent tokens as one, with the id of the last: what is read later comes in larger pieces. */
function joined(events: readonly Sent[]): readonly Sent[] {
  const tokenOf = ({ data }: Sent) => (data.type === 'token' ? (data.data as { token: string }).token : null)
  const pieces: Sent[] = []
  for (const event of events) {
    const before = pieces.at(-1)
    const [first, second] = [before === undefined ? null : tokenOf(before), tokenOf(event)]
    if (first === null || second === null) pieces.push(event)
    else {
      const data = { ...event.data, data: { ...(event.data.data as object), token: first + second } }
      pieces.splice(-1, 1, { ...event, data })
    }
  }
  return pieces
}

test('as Server-Sent Events, each event has an id, and resuming after any id repeats and skips nothing', async () => {
  const { name: model } = extended.play({ lines: ['Let me see.', { call: 'look' }] }, { lines: ['I ', 'see.'] })
  const look = { name: 'look', description: 'Looks.', parameters: { type: 'object' }, result: { data: 1 } }
  const dispatch = await post('/v1/conversation/dispatch', { model, messages, functions: [look] })
  const { channelId } = (await dispatch.json()) as { channelId: string }
  const subscribe = (headers: Record<string, string> = {}) =>
    post(`/v1/channel/${channelId}/subscribe`, {}, { accept: 'text/event-stream', ...headers })
  const response = await subscribe()
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const [nop, ...whole] = await sse(response)
  expect(nop).toEqual({ id: null, event: 'nop', data: {} })
  expect(whole.map(({ data }) => data.type)).toContain('usage')
  for (const { event, id } of whole) expect([event, typeof id]).toEqual(['message', 'string'])

  for (const [index, { id }] of whole.entries()) {
    const rest = await subscribe({ 'last-event-id': id ?? '' })
    if (index === whole.length - 1) {
      expect(rest.status).toBe(204)
      continue
    }
    const following = await sse(rest)
    expect(joined(following.slice(1))).toEqual(joined(whole.slice(index + 1)))
  }
})

test('an EventSource watches by GET', async () => {
  const channelId = await dispatched('Well.')
  const url = `${extended.service.url}/v1/channel/${channelId}/subscribe?historyLength=1`
  const sent = await sse(await fetch(url, { headers: { accept: 'text/event-stream' } }))
  expect(sent.at(-1)?.data).toMatchObject({ type: 'result', data: { text: 'Well.' } })
})

test('the id of a lost event is a 410, and an invalid id a 400', async () => {
  const channelId = await dispatched('Well.')
  const subscribe = (id: string) =>
    post(`/v1/channel/${channelId}/subscribe`, {}, { accept: 'text/event-stream', 'last-event-id': id })
  expect(await refusal(await subscribe('AbsentEpoch.1.tag'))).toMatchObject({ status: 410, code: 'GONE' })
  expect(await refusal(await subscribe('what?'))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
})

test('a completion can be streamed as Server-Sent Events, and names its channel', async () => {
  const { name: model } = extended.play({ lines: ['Well.'] })
  const response = await post('/v1/conversation/complete', { model, messages }, { accept: 'text/event-stream' })
  const channelId = response.headers.get('x-channel-id')
  expect((await sse(response)).map(({ event }) => event)).toEqual([
    'sendResult',
    'completeBegin',
    'token',
    'message',
    'completeEnd',
    'usage',
    'receiveResult',
    'result',
  ])
  const status = await fetch(`${extended.service.url}/v1/conversation/dispatch/${channelId}`)
  expect(await status.json()).toMatchObject({ channelId, status: 'completed', result: { end: { reason: 'stop' } } })
})

test('a cancelled run tells its followers', async () => {
  const { name: model } = extended.play({ lines: ['Half ', new Promise(() => {})] })
  const dispatch = await post('/v1/conversation/dispatch', { model, messages })
  const { channelId } = (await dispatch.json()) as { channelId: string }
  const cancelled = await post(`/v1/conversation/dispatch/${channelId}/cancel`, { reason: 'Enough.' })
  expect(await cancelled.json()).toMatchObject({ channelId, status: 'cancelled' })
  const again = await post(`/v1/conversation/dispatch/${channelId}/cancel`)
  expect(await again.json()).toMatchObject({ status: 'cancelled' })
  const text = await (await post(`/v1/channel/${channelId}/subscribe`)).text()
  const [abort, , result] = text
    .trim()
    .split('\n')
    .slice(-3)
    .map((line) => JSON.parse(line).data)
  expect(abort).toEqual({ type: 'abort', data: { reason: 'Enough.' } })
  expect(result).toMatchObject({ type: 'result', data: { end: { reason: 'abort' } } })
  const absent = await post('/v1/conversation/dispatch/channel-of-no-dispatch/cancel')
  expect(await refusal(absent)).toEqual({ status: 404, message: 'There is no dispatch by that id.', code: 'NOT_FOUND' })
})

test.each([
  [
    'a body that is no JSON',
    '/v1/conversation/dispatch',
    '{',
    {},
    400,
    'Malformed JSON in request body',
    'BAD_REQUEST',
  ],
  [
    'an Accept that cannot be met',
    '/v1/conversation/complete',
    { messages },
    { accept: 'image/png' },
    400,
    'Unsupported accept header: this endpoint answers with application/json, application/jsonl, text/event-stream',
    'BAD_REQUEST',
  ],
  [
    'a time zone that is none',
    '/v1/conversation/dispatch',
    { messages },
    { 'x-timezone': 'Mars' },
    400,
    'X-Timezone: takes an IANA name of a time zone, such as Europe/Berlin, or an offset',
    'BAD_REQUEST',
  ],
  ['a short channel', '/v1/channel/short/subscribe', {}, {}, 400, 'channelId is too short', 'BAD_REQUEST'],
  [
    'a message that is a text',
    '/v1/channel/channel-0123456789/publish',
    { message: 'x' },
    {},
    400,
    'message: Invalid input: expected record, received string',
    'BAD_REQUEST',
  ],
  ['a path that is not there', '/v1/nothing', {}, {}, 404, 'There is nothing at POST /v1/nothing.', 'NOT_FOUND'],
  [
    'a page of another host',
    '/v1/nothing',
    {},
    { origin: 'https://evil.example' },
    403,
    'Pages of other hosts may not call this server.',
    'NOT_AUTHORIZED',
  ],
  [
    'two mistakes at once',
    '/v1/conversation/dispatch',
    { messages, limits: { calls: 1.5 }, functions: 7 },
    {},
    400,
    'functions: Invalid input: expected array, received number; limits.calls: Invalid input: expected int, received number',
    'BAD_REQUEST',
  ],
])(
  '%s is refused with a message and a code, and nothing else',
  async (_title, path, body, headers, status, message, code) => {
    const response = await post(path, body, headers as Record<string, string>)
    expect(await refusal(response)).toEqual({ status, message, code })
  },
)

test('a message to an ended run is refused', async () => {
  const channelId = await dispatched('Well.')
  await (await post(`/v1/channel/${channelId}/subscribe`)).text()
  const response = await post(`/v1/channel/${channelId}/publish`, { message: {} })
  expect(await refusal(response)).toMatchObject({ status: 409, code: 'CONFLICT' })
})

test('a channel without a dispatch is followed from now on, or with the newest entries first', async () => {
  const channelId = 'plain-channel-0123456789'
  await post(`/v1/channel/${channelId}/publish`, { message: { n: 1 } })
  const begin = async (body: object) => {
    const response = await post(`/v1/channel/${channelId}/subscribe`, body)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let got = ''
    const read = async () => {
      while (!got.includes('\n')) got += Buffer.from((await reader.read()).value ?? []).toString()
      const [line = ''] = got.split('\n')
      got = got.slice(line.length + 1)
      return line
    }
    expect(await read()).toBe('{"type":"nop","data":{}}')
    return read
  }
  const [live, last] = [await begin({}), await begin({ historyLength: 1 })]
  expect(await last()).toBe('{"type":"message","data":{"n":1}}')
  await post(`/v1/channel/${channelId}/publish`, { message: { n: 2 } })
  expect(await live()).toBe('{"type":"message","data":{"n":2}}')
})

test('the guide’s program for the vendor’s SDK runs as printed', async () => {
  const guide = readFileSync(new URL('../../../docs/guides/chatbotkit.md', import.meta.url), 'utf8')
  const [, program = ''] = /```js\n(.+?)```/s.exec(guide) ?? []
  const { name } = extended.play({ lines: ['Printed.'] })
  const here = program
    .replace('http://127.0.0.1:4000', extended.service.url)
    .replace('{ messages:', `{ model: '${name}', messages:`)
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', here])
  expect([stdout, stderr]).toEqual(['Printed.', ''])
})
