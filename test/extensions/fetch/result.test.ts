import { describe, expect, onTestFinished, test } from 'vitest'
import { runFetch } from '../../../src/extensions/fetch/action.ts'
import type { SafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import type { AccountId } from '../../../src/kernel/ids.ts'
import { inlinePageText } from '../../support/inline-helpers.ts'
import { run } from './run.ts'
import { type Answer, json, startFetchServer, text } from './server.ts'

async function outcomeOf(answer: Answer, request: object = {}, settings = {}) {
  const server = await startFetchServer(answer)
  return run(server, { url: server.url, ...request }, { settings })
}

const page = `<html><head><title>T</title><script>bad()</script></head><body><h1>Head line</h1><p>One <a href="https://a.example/">link</a>
&amp; <b>two</b></p><ul><li>a</li><li>b</li></ul></body></html>`

const bytes = (body: Uint8Array, headers: Record<string, string>): Answer => {
  return (_request, response) => response.writeHead(200, headers).end(body)
}

describe('a response', () => {
  test.each<[string, Answer, object, unknown]>([
    ['of JSON is its value', json({ a: [1, null] }), {}, { a: [1, null] }],
    ['of JSON may be null', json(null), {}, null],
    ['of a kind of JSON', text('[1]', 'application/problem+json; charset=utf-8'), {}, [1]],
    ['of broken JSON is its text', text('{"a"', 'application/json'), {}, { status: 200, body: '{"a"' }],
    ['of no JSON at all', text('', 'application/json', 204), {}, { status: 204, body: '' }],
    ['of text', text('hello', 'text/csv', 201), {}, { status: 201, body: 'hello' }],
    ['of JSON as text', json({ a: 1 }), { options: { format: 'text' } }, { status: 200, body: '{"a":1}' }],
    ['of text as JSON', text('{"a":1}'), { options: { format: 'json' } }, { a: 1 }],
    ['of HTML as it is', text('<p>x</p>', 'text/html'), {}, { status: 200, body: '<p>x</p>' }],
    [
      'of HTML as text',
      text(page, 'text/html; charset=utf-8'),
      { options: { format: 'text' } },
      { status: 200, body: 'Head line\n\nOne link & two\n\n * a\n * b' },
    ],
    [
      'of HTML with the option text',
      text('<p>x</p>', 'text/html'),
      { options: { text: true } },
      { status: 200, body: 'x' },
    ],
    [
      'of HTML as Markdown',
      text(page, 'text/html'),
      { options: { format: 'markdown' } },
      { status: 200, body: '# Head line\n\nOne [link](https://a.example/) & two\n\n * a\n * b' },
    ],
    ['of no type, being text', bytes(Buffer.from('zdraví'), {}), {}, { status: 200, body: 'zdraví' }],
    ['of no type, in no UTF-8', bytes(Buffer.from([65, 255, 66]), {}), {}, { status: 200, body: 'AÿB' }],
    [
      'in another charset',
      bytes(Buffer.from([0xe9]), { 'content-type': 'text/plain; charset="ISO-8859-1"' }),
      {},
      { status: 200, body: 'é' },
    ],
    [
      'in a charset that nobody knows',
      bytes(Buffer.from('é'), { 'content-type': 'text/plain; charset=x-no' }),
      {},
      { status: 200, body: 'é' },
    ],
  ])('%s', async (_title, answer, request, data) => {
    expect(await outcomeOf(answer, request)).toEqual({ kind: 'data', data })
  })

  test.each<[string, Answer, object, string]>([
    [
      'that is an image',
      bytes(Buffer.from([1, 2]), { 'content-type': 'image/png' }),
      {},
      'Response is not text, but image/png',
    ],
    ['of no type, being binary', bytes(Buffer.from([0, 255]), {}), {}, 'Response is not text, but of no type'],
    ['that is not JSON but should be', text('hi'), { options: { format: 'json' } }, 'The response is not JSON.'],
    ['of 404', text('', 'text/plain', 404), {}, 'Status code: 404'],
    ['of 500 with JSON', json({ error: 'no' }, 500), {}, 'Status code: 500\n{"error":"no"}'],
    ['of 502 with text', text(' bad gateway\n', 'text/plain', 502), {}, 'Status code: 502\nbad gateway'],
    ['of 403 with an image', text('x', 'image/png', 403), {}, 'Status code: 403'],
    [
      'of 400 with a long text',
      text('y'.repeat(3000), 'text/plain', 400),
      {},
      `Status code: 400\n${'y'.repeat(2000)} …`,
    ],
    [
      'of more JSON than half a megabyte',
      json('z'.repeat(524_288)),
      {},
      'The response has more than 524288 bytes, so its JSON cannot be read.',
    ],
  ])('%s is an error', async (_title, answer, request, message) => {
    expect(await outcomeOf(answer, request)).toEqual({ kind: 'error', message })
  })

  test('with more than half a megabyte of text is cut and says so', async () => {
    const server = await startFetchServer(text('z'.repeat(524_289)))
    const { data } = (await run(server, server.url, { tokens: new Map() })) as { data: { body: string } }
    expect({ ...data, body: data.body.length }).toEqual({ status: 200, body: 524_288, truncated: true })
  })

  test.each(['text', 'markdown'])('of HTML nested deeper than any page is read as %s up to there', async (format) => {
    const page = `<p>before</p>${'<div>'.repeat(20_000)}deep${'</div>'.repeat(20_000)}<p>after</p>`
    const outcome = await outcomeOf(text(page, 'text/html'), { options: { format } })
    expect(outcome).toEqual({ kind: 'data', data: { status: 200, body: 'before' } })
  })
})

describe('the settings of the fence', () => {
  test('choose the format, and options of the request override them', async () => {
    const answer = text('<p>x</p>', 'text/html')
    expect(await outcomeOf(answer, {}, { format: 'text' })).toEqual({ kind: 'data', data: { status: 200, body: 'x' } })
    expect(await outcomeOf(answer, {}, { text: '' })).toEqual({ kind: 'data', data: { status: 200, body: 'x' } })
    expect(await outcomeOf(answer, { options: { format: 'json' } }, { format: 'text' })).toEqual({
      kind: 'error',
      message: 'The response is not JSON.',
    })
  })

  test.each([
    [undefined, 10_000],
    [20_000, 20_000],
    ['20000', 20_000],
    [1, 10_000],
    [400_000, 300_000],
  ])('timeout=%j allows %i ms', async (timeout, expected) => {
    const asked: number[] = []
    const safeFetch: SafeFetch = {
      fetch: async ({ timeoutMs, url }) => {
        asked.push(timeoutMs)
        return { status: 200, url, headers: {}, contentType: '', body: new Uint8Array(), truncated: false }
      },
      close: async () => {},
    }
    await runFetch(
      {
        request: 'http://example.com/',
        settings: timeout === undefined ? {} : { timeout },
        tokens: new Map(),
        references: {},
        secretId: null,
        signal: new AbortController().signal,
      },
      {
        account: 'acme' as AccountId,
        safeFetch,
        secrets: async () => null,
        timezone: null,
        pageText: inlinePageText,
        idempotencyKey: 'call_1',
      },
    )
    expect(asked).toEqual([expected])
  })

  test('take no timeout that is not a number', async () => {
    expect(await outcomeOf(json(1), {}, { timeout: 'long' })).toEqual({
      kind: 'error',
      message: 'The setting timeout of a fetch takes a number of milliseconds.',
    })
  })
})

test('an abort is thrown with its reason', async () => {
  const caller = new AbortController()
  const server = await startFetchServer(() => caller.abort(new Error('cancelled')))
  await expect(run(server, server.url, { signal: caller.signal })).rejects.toThrow('cancelled')
})

test('an error of opening a secret is thrown', async () => {
  const server = await startFetchServer(json(1))
  const secrets = async () => {
    throw new Error('store is away')
  }
  await expect(run(server, server.url, { deps: { secrets } })).rejects.toThrow('store is away')
  onTestFinished(() => expect(server.seen).toEqual([]))
})
