import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Service, startService } from '../support/service/start-service.ts'
import { codes, expectUnharmed, post, type Result } from './ask.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(async () => {
  await expectUnharmed(service.url)
})

/** Sends all of it and only then reads; gives everything that came, up to the connection's end. */
async function sendRaw(...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1').pause()
  const closed = once(socket, 'close')
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk)).pause()
  for (const part of parts) socket.write(part)
  await new Promise<void>((resolve) => socket.write('', () => resolve()))
  socket.resume()
  await closed
  return Buffer.concat(received).toString()
}

async function answer(response: Response): Promise<{ status: number; codes: readonly (string | undefined)[] }> {
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/)
  return { status: response.status, codes: codes([(await response.json()) as Result]) }
}

describe('a request that is not well-formed', () => {
  test.for([
    ['no JSON', '{"query":'],
    ['no body', ''],
    ['a JSON string', '"{ models { id } }"'],
    ['a JSON null', 'null'],
    ['a batch', '[{"query":"{ models { id } }"}]'],
    ['no query', '{}'],
    ['a query that is a number', '{"query":1}'],
    ['variables in a list', '{"query":"{ models { id } }","variables":[]}'],
    ['an operation name that is a number', '{"query":"{ models { id } }","operationName":1}'],
    ['an unknown parameter', '{"query":"{ models { id } }","queryId":"a"}'],
  ])('of %s is a 400, whatever it accepts', async ([, body = '']) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      expect(await answer(await post(service.url, body, { accept }))).toEqual({
        status: 400,
        codes: ['BAD_USER_INPUT'],
      })
    }
    expect((await post(service.url, body, { accept: 'text/event-stream' })).status).toBe(400)
  })

  test('with invalid JSON variables in its URL is a 400', async () => {
    const response = await fetch(`${service.url}/graphql?query={models{id}}&variables={`)
    expect(await answer(response)).toEqual({ status: 400, codes: ['BAD_USER_INPUT'] })
  })

  test('of another content type is a 415', async () => {
    const response = await post(service.url, '{ models { id } }', { 'content-type': 'text/plain' })
    expect(await answer(response)).toEqual({ status: 415, codes: ['BAD_USER_INPUT'] })
  })

  test('that accepts none of our media types is a 406', async () => {
    const response = await post(service.url, { query: '{ models { id } }' }, { accept: 'text/html' })
    expect(await answer(response)).toEqual({ status: 406, codes: ['BAD_USER_INPUT'] })
  })

  test('for a subscription as JSON is a 406', async () => {
    const query = 'subscription { channelEvents(channelId: "channel-of-this-test") { cursor } }'
    const response = await post(service.url, { query }, { accept: 'application/json' })
    expect(await answer(response)).toEqual({ status: 406, codes: ['BAD_USER_INPUT'] })
  })

  test('with another method is a 405 that names the right ones', async () => {
    const response = await fetch(`${service.url}/graphql`, { method: 'PUT', body: '{}' })
    expect(response.headers.get('allow')).toBe('GET, POST')
    expect(await answer(response)).toEqual({ status: 405, codes: ['BAD_USER_INPUT'] })
  })

  test('for a mutation by GET is a 405 without effect', async () => {
    const channelId = 'channel-never-to-be-made'
    const query = `mutation { dispatchConversation(input: { channelId: "${channelId}", messages: [{ type: USER, text: "" }] }) { channelId } }`
    const response = await fetch(`${service.url}/graphql?query=${encodeURIComponent(query)}`)
    expect(response.headers.get('allow')).toBe('POST')
    expect(await answer(response)).toEqual({ status: 405, codes: ['BAD_USER_INPUT'] })
    const read = await post(service.url, { query: `{ dispatch(channelId: "${channelId}") { id } }` })
    expect(await read.json()).toEqual({ data: { dispatch: null } })
  })
})

describe('the status of a well-formed request', () => {
  const refused = '{ channelHistory(channelId: "none") { hasMore } }'
  const partly = '{ models { id } dispatch(channelId: "none") { id } }'

  test.for([
    ['application/json', refused, 200],
    ['application/graphql-response+json', refused, 400],
    ['application/graphql-response+json', partly, 200],
    ['application/graphql-response+json', '{ nonsense }', 400],
    ['application/json', '{ nonsense }', 200],
  ] as const)('in %s of %s is %i', async ([accept, query, status]) => {
    const response = await post(service.url, { query }, { accept })
    expect(response.headers.get('content-type')).toContain(accept)
    expect(response.status).toBe(status)
    expect(codes([(await response.json()) as Result])).toHaveLength(1)
  })

  test('is the one of its failure', async () => {
    const query = '{ channelHistory(channelId: "channel-of-this-test", after: "abcdefgh.1.xyz") { hasMore } }'
    const response = await post(service.url, { query }, { accept: 'application/graphql-response+json' })
    expect(await answer(response)).toEqual({ status: 410, codes: ['CURSOR_EXPIRED'] })
  })
})

describe('a body of more values than can be read in one go', () => {
  const values = `[${'0,'.repeat(100_000)}0]`

  test.for([
    ['/graphql', `{"query":"{ models { id } }","variables":{"a":${values}}}`, 'application/json'],
    ['/graphql', `{"query":"{ models { id } }","variables":{"a":${values}}}`, 'application/json; charset=UTF-8;x=1'],
    ['/graphql', `query={models{id}}&variables={"a":${values}}`, 'application/x-www-form-urlencoded'],
    ['/v1/bot/create', `{"name":"Bot","meta":{"a":${values}}}`, 'application/json'],
    ['/openai/v1/responses', `{"model":"demo","input":"Hi","metadata":{"a":${values}}}`, 'application/json'],
    ['/ai-sdk/chat', `{"id":"chat-of-this-test-1","messages":${values}}`, 'application/json'],
    ['/ag-ui/run', `{"threadId":"thread-of-this-test","messages":${values}}`, 'application/json'],
  ] as const)('is a 413 of %s', async ([path, body, type]) => {
    const response = await fetch(`${service.url}${path}`, { method: 'POST', body, headers: { 'content-type': type } })
    expect(response.status).toBe(413)
    expect(await response.text()).toContain('more than 100000 JSON values')
  })
})

describe('a body of 10 MB', () => {
  const body = Buffer.alloc(10_000_000, '1')
  const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n'

  test('is a 413 that reaches a client that reads only after sending everything', async () => {
    const response = await sendRaw(`${head}Content-Length: ${body.length}\r\n\r\n`, body)
    expect(response).toMatch(/^HTTP\/1\.1 413 /)
    expect(response).toContain('"code":"PAYLOAD_TOO_LARGE"')
  })

  test('is also a 413 without a content-length', async () => {
    const response = await sendRaw(
      `${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`,
      body,
      '\r\n0\r\n\r\n',
    )
    expect(response).toMatch(/^HTTP\/1\.1 413 /)
    expect(response).toContain('"code":"PAYLOAD_TOO_LARGE"')
  })

  test.for(['application/json', 'application/graphql', 'application/x-www-form-urlencoded'])(
    'is a 413 as %s',
    async (type) => {
      const response = await post(service.url, body.toString(), { 'content-type': type })
      expect(await answer(response)).toEqual({ status: 413, codes: ['PAYLOAD_TOO_LARGE'] })
    },
  )

  test('that never ends is cut off', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
    const send = (error?: Error | null) => {
      if (error == null && socket.writable) socket.write(`${body.length.toString(16)}\r\n${body}\r\n`, send)
    }
    socket.resume()
    send()
    await closed
    // What was flushed; the rest of what was written never left.
    expect(socket.bytesWritten).toBeLessThan(200_000_000)
  })

  test('is below the limit at 6 MB: a text of a million characters in any JSON encoding', async () => {
    const text = '\\u00e9'.repeat(1_000_000)
    const body = `{"query":"query ($text: JSONObject) { models { id @skip(if: false) } }","variables":{"text":"${text}"}}`
    expect((await post(service.url, body)).status).toBe(200)
  })
})

describe('what is not HTTP, or not meant for us', () => {
  test('bytes are a 400, and the connection ends', async () => {
    expect(await sendRaw(Buffer.from([0, 1, 2, 3, 255, 254]), '\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await sendRaw('HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('an invalid Host is a 400 that reveals nothing about the server', async () => {
    const response = await sendRaw('GET /graphql?query={models{id}} HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n')
    expect(response).toMatch(/^HTTP\/1\.1 400 /)
    expect(response).toContain('"code":"BAD_USER_INPUT"')
    expect(response).not.toContain('node_modules')
  })

  test.for(['//', '//graphql', '/graphql/../..', '*', 'http://localhost/graphql', '/graphql/', '/nothing'])(
    'the target %s is a 404 with a code',
    async (target) => {
      const response = await sendRaw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      expect(response).toMatch(/^HTTP\/1\.1 404 /)
      expect(response).toContain('"code":"NOT_FOUND"')
    },
  )

  test('a body that breaks off affects nobody else', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"que',
    )
    socket.end()
    socket.resume()
    await once(socket, 'close')
  })
})
