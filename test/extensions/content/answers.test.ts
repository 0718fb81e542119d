import { describe, expect, test } from 'vitest'
import { createFetchAttachment } from '../../../src/extensions/fetch/attachment.ts'
import { createSafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { inlinePages, toFetch } from '../../support/inline-helpers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { run, secrets } from '../fetch/run.ts'
import { type Answer, startFetchServer } from '../fetch/server.ts'

const answer = (status: number, headers: Record<string, string>, body = ''): Answer => {
  return (_request, response) => response.writeHead(status, headers).end(body)
}

async function outcomeOf(sent: Answer, request: object = {}) {
  const server = await startFetchServer(sent)
  return run(server, { url: server.url, ...request })
}

const text = { 'content-type': 'text/plain' }

describe('the model is told in words', () => {
  test('that nothing has changed', async () => {
    const request = { headers: { 'if-none-match': '"v1"' } }
    expect(await outcomeOf(answer(304, { etag: '"v1"' }), request)).toEqual({
      kind: 'data',
      data: {
        status: 304,
        body: '',
        note: 'Nothing has changed since the version that the request names, so the content is not sent again. Without the conditional headers it is.',
      },
    })
  })

  test.each([
    ['bytes 0-4/1000', 'This is a part of the content: bytes 0 to 4 of 1000.'],
    ['bytes 5-9/*', 'This is a part of the content: bytes 5 to 9 of an unknown number.'],
    ['lines 1-2', 'This is a part of the content.'],
  ])('which part of the content it has: %s', async (range, note) => {
    const sent = answer(206, { ...text, 'content-range': range }, 'hello')
    const request = { headers: { range: 'bytes=0-4' } }
    expect(await outcomeOf(sent, request)).toEqual({ kind: 'data', data: { status: 206, body: 'hello', note } })
  })

  test('that a part of JSON is one', async () => {
    const sent = answer(206, { 'content-type': 'application/json', 'content-range': 'bytes 0-4/10' }, '{"a":')
    expect(await outcomeOf(sent)).toEqual({
      kind: 'data',
      data: { status: 206, body: '{"a":', note: 'This is a part of the content: bytes 0 to 4 of 10.' },
    })
  })

  test.each<[number, Record<string, string>, string]>([
    [416, { 'content-range': 'bytes */1000' }, 'The content has 1000 bytes; the request asks for others.'],
    [412, {}, 'The content has changed: the condition that the request names does not hold.'],
    [
      428,
      {},
      'The request needs a condition, such as the header if-match with the ETag of the version that it changes.',
    ],
    [429, { 'retry-after': '120' }, 'The server asks to wait 120 seconds before the next request.'],
    [
      503,
      { date: 'Mon, 30 Nov 2026 10:00:00 GMT', 'retry-after': 'Mon, 30 Nov 2026 10:01:30 GMT' },
      'The server asks to wait 90 seconds before the next request.',
    ],
    [429, { 'retry-after': 'soon' }, ''],
  ])('why the answer is %i: %j', async (status, headers, words) => {
    const message = [`Status code: ${status}`, words, 'no'].filter(Boolean).join('\n')
    expect(await outcomeOf(answer(status, { ...text, ...headers }, 'no'))).toEqual({ kind: 'error', message })
  })

  test('until when to wait, if the server does not tell its own time', async () => {
    const server = await startFetchServer((_request, response) => {
      response.sendDate = false
      response.writeHead(503, { 'retry-after': 'Monday, 30-Nov-26 10:01:30 GMT' }).end()
    })
    expect(await run(server, { url: server.url })).toEqual({
      kind: 'error',
      message: 'Status code: 503\nThe server asks to wait until Mon, 30 Nov 2026 10:01:30 GMT.',
    })
  })

  test('to ask again later for what is accepted', async () => {
    expect(await outcomeOf(answer(202, { ...text, 'retry-after': '5' }, 'wait'))).toEqual({
      kind: 'data',
      data: { status: 202, body: 'wait', note: 'The server asks to wait 5 seconds before the next request.' },
    })
  })

  test('the title and detail of a problem document, without secrets', async () => {
    const { value } = secrets['DEFAULT'] ?? { value: '' }
    const problem = {
      type: 'https://a.example/p',
      title: 'Out of credit',
      detail: `No credit for ${value}.`,
      balance: 3,
    }
    const sent = answer(403, { 'content-type': 'application/problem+json' }, JSON.stringify(problem))
    const outcome = await outcomeOf(sent, { headers: { authorization: '<t3>' } })
    expect(outcome).toEqual({
      kind: 'error',
      message: `Status code: 403\nProblem: Out of credit: No credit for [secret].\n${JSON.stringify({ ...problem, detail: 'No credit for [secret].' })}`,
    })
  })

  test('the words of an error page, not its scripts', async () => {
    const page = `<html><head><script>${'x();'.repeat(2000)}</script></head><body><h1>502</h1><p>Bad gateway</p></body></html>`
    expect(await outcomeOf(answer(502, { 'content-type': 'text/html' }, page))).toEqual({
      kind: 'error',
      message: 'Status code: 502\n502\n\nBad gateway',
    })
  })
})

describe('JSON lines', () => {
  test.each([
    ['application/x-ndjson', '{"a":1}\n{"a":2}\n'],
    ['application/jsonl', '{"a":1}\r\n\r\n{"a":2}'],
    ['application/json-seq', '\u001e{"a":1}\n\u001e{"a":2}\n'],
  ])('of type %s are a list of values', async (type, body) => {
    const sent = answer(200, { 'content-type': type }, body)
    expect(await outcomeOf(sent)).toEqual({ kind: 'data', data: [{ a: 1 }, { a: 2 }] })
  })

  test('that are called text are a list where JSON is asked for', async () => {
    const request = { options: { format: 'json' } }
    expect(await outcomeOf(answer(200, text, '1\n2'), request)).toEqual({ kind: 'data', data: [1, 2] })
  })

  test('with a broken line are text', async () => {
    const sent = answer(200, { 'content-type': 'application/x-ndjson' }, '{"a":1}\n{"a"')
    expect(await outcomeOf(sent)).toEqual({ kind: 'data', data: { status: 200, body: '{"a":1}\n{"a"' } })
  })

  test('that are cut are the whole lines before the cut', async () => {
    const sent = answer(200, { 'content-type': 'application/x-ndjson' }, `"${'x'.repeat(8)}"\n`.repeat(60_000))
    const { data } = (await outcomeOf(sent)) as { data: { body: string[]; truncated: boolean } }
    expect([data.truncated, data.body.length, new Set(data.body)]).toEqual([true, 47_662, new Set(['xxxxxxxx'])])
  })
})

describe('an attachment', () => {
  const attached = async (sent: Answer) => {
    const server = await startFetchServer(sent)
    const safeFetch = opened(createSafeFetch({ allow: [server.host] }))
    return createFetchAttachment(safeFetch, inlinePages)(toFetch(server.url), new AbortController().signal)
  }

  test('of which only a part comes is the beginning of a text', async () => {
    const sent = answer(206, { ...text, 'content-range': 'bytes 0-4/1000' }, 'hello')
    expect(await attached(sent)).toMatchObject({ kind: 'text', text: 'hello', isCut: true })
  })

  test('that comes whole as a part of itself is whole', async () => {
    const sent = answer(206, { ...text, 'content-range': 'bytes 0-4/5' }, 'hello')
    expect(await attached(sent)).toMatchObject({ kind: 'text', isCut: false })
  })

  test('of which only a part comes is no file', async () => {
    const sent = answer(206, { 'content-type': 'application/pdf', 'content-range': 'bytes 0-7/1000' }, '%PDF-1.7')
    expect(await attached(sent)).toEqual({ kind: 'failed', message: 'The server sent only a part of the file.' })
  })

  test('says when its server can be asked again', async () => {
    expect(await attached(answer(503, { 'retry-after': '30' }))).toEqual({
      kind: 'failed',
      message: 'The server answered with status 503. The server asks to wait 30 seconds before the next request.',
    })
  })
})
