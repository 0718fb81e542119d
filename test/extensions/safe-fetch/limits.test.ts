import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { Transform } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import {
  BrotliDecompress,
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  Gunzip,
  gzipSync,
  InflateRaw,
  ZstdDecompress,
  zstdCompressSync,
} from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { FetchFailed, FetchRefused } from '../../../src/extensions/safe-fetch/fault.ts'
import { createSafeFetch, type FetchRequest } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { type Answer, startFetchServer, text } from '../fetch/server.ts'

async function ask(answer: Answer, request: Partial<FetchRequest> = {}) {
  const server = await startFetchServer(answer)
  const safeFetch = opened(createSafeFetch({ allow: [server.host] }))
  const signal = new AbortController().signal
  const response = safeFetch.fetch({ url: server.url, signal, timeoutMs: 60_000, maxBytes: 1000, ...request })
  response.catch(() => {})
  return { response, server, safeFetch }
}

const encoded = (body: Uint8Array, encoding: string): Answer => {
  return (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body)
}

const textOf = async (response: Promise<{ body: Uint8Array }>) => Buffer.from((await response).body).toString()

/** How many bytes the decoders of this process put out until the test ends. */
function countUnpacked(): () => number {
  let bytes = 0
  const { push } = Transform.prototype
  const spy = vi.spyOn(Transform.prototype, 'push').mockImplementation(function (this: Transform, chunk, coding) {
    const isDecoder = [Gunzip, BrotliDecompress, InflateRaw, ZstdDecompress].some((decoder) => this instanceof decoder)
    if (isDecoder && chunk !== null) bytes += chunk.byteLength
    return push.call(this, chunk, coding)
  })
  onTestFinished(() => spy.mockRestore())
  return () => bytes
}

test('a body is read in its account’s turns of the event loop, piece by piece', async () => {
  const turns: { account: string; costMs: number | undefined; go: () => void }[] = []
  const server = await startFetchServer(text('x'.repeat(3_000_000)))
  const loopTurns = {
    pass: (account: string, costMs?: number) =>
      new Promise<void>((go) => {
        turns.push({ account, costMs, go })
      }),
  }
  const safeFetch = opened(createSafeFetch({ allow: [server.host], loopTurns }))
  const { signal } = new AbortController()
  const request = { account: 'acme', url: server.url, signal, timeoutMs: 60_000, maxBytes: 4_000_000 }
  let isRead = false
  const response = safeFetch.fetch(request).finally(() => {
    isRead = true
  })
  let passed = 0
  while (!isRead) {
    await setImmediate()
    expect(turns.length - passed).toBeLessThanOrEqual(1)
    for (const { go } of turns.slice(passed)) go()
    passed = turns.length
  }
  expect((await response).body).toHaveLength(3_000_000)
  expect(new Set(turns.map(({ account }) => account))).toEqual(new Set(['acme']))
  // What is made of it is the longest slice.
  expect(turns.at(-1)?.costMs).toBe(20)
  expect(Math.max(...turns.slice(0, -1).map(({ costMs }) => costMs ?? 0))).toBeLessThan(1)
})

describe('the size limit', () => {
  test('accepts a body of exactly that size', async () => {
    const { response } = await ask(text('x'.repeat(1000)))
    expect(await response).toMatchObject({ status: 200, contentType: 'text/plain', truncated: false })
  })

  test('fails at one byte more', async () => {
    const { response } = await ask(text('x'.repeat(1001)))
    await expect(response).rejects.toEqual(new FetchFailed('The response has more than 1000 bytes.'))
  })

  test('cuts there on request', async () => {
    const { response } = await ask(text('x'.repeat(1001)), { whenLarger: 'cut' })
    const { body, truncated } = await response
    expect([body.byteLength, truncated]).toEqual([1000, true])
  })

  test('ends a body that never ends', async () => {
    const closed = Promise.withResolvers<void>()
    const { response } = await ask((_request, response) => {
      response.on('close', closed.resolve)
      const pour = () => {
        while (response.write('x'.repeat(10_000)));
        response.once('drain', pour)
      }
      pour()
    })
    await expect(response).rejects.toThrow('more than 1000 bytes')
    await closed.promise
  })

  test.each([
    ['gzip', gzipSync(Buffer.alloc(5_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(5_000_000))],
    ['deflate', deflateRawSync(Buffer.alloc(5_000_000))],
    ['zstd', zstdCompressSync(Buffer.alloc(5_000_000))],
  ])('counts what %s unpacks to, and unpacks no more than that', async (encoding, bomb) => {
    const unpacked = countUnpacked()
    const { response } = await ask(encoded(bomb, encoding))
    await expect(response).rejects.toEqual(new FetchFailed('The response has more than 1000 bytes.'))
    // A few chunks of 16 KiB, the stream's own buffer.
    expect(unpacked()).toBeGreaterThan(1000)
    expect(unpacked()).toBeLessThan(200_000)
  })

  test('fails at headers of more than 16 KiB', async () => {
    const { response } = await ask((_request, reply) => reply.writeHead(200, { 'x-long': 'y'.repeat(17_000) }).end())
    await expect(response).rejects.toThrow('more than 16384 bytes of headers')
  })
})

describe('encodings', () => {
  test.each([
    ['gzip', gzipSync('hello')],
    ['GZIP', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['deflate', deflateRawSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['zstd', zstdCompressSync('hello')],
    ['identity, gzip', gzipSync('hello')],
    ['none', Buffer.from('hello')],
    ['UTF-8', Buffer.from('hello')],
    ['aws-chunked', Buffer.from('hello')],
    ['identity', Buffer.from('hello')],
  ])('unpacks %s', async (encoding, body) => {
    const { response } = await ask(encoded(body, encoding))
    expect(await textOf(response)).toBe('hello')
  })

  test.each(['zip', 'gzip, gzip', 'constructor'])('refuses %j', async (encoding) => {
    const { response } = await ask(encoded(gzipSync(gzipSync('hello')), encoding))
    await expect(response).rejects.toThrow(`encoded as "${encoding}"`)
  })

  test.each([
    [23, null],
    [24, FetchFailed],
  ])('gives zstd a window of 2^%i bytes, or not', async (log, fault) => {
    // One block of a hundred `a`: the magic number, the size of the window, the block.
    const frame = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3, 0x23, 0x03, 0, 0x61)
    const { response } = await ask(encoded(frame, 'zstd'))
    if (fault !== null) await expect(response).rejects.toThrow(fault)
    else expect(await textOf(response)).toBe('a'.repeat(100))
  })

  test('fails at a body that is cut short', async () => {
    const { response } = await ask(encoded(gzipSync('hello'.repeat(100)).subarray(0, 20), 'gzip'))
    await expect(response).rejects.toThrow(FetchFailed)
  })

  test('accepts an empty answer with a content-encoding', async () => {
    const { response } = await ask((_request, reply) => reply.writeHead(204, { 'content-encoding': 'gzip' }).end())
    expect(await textOf(response)).toBe('')
  })
})

describe('the time limit', () => {
  test.each<[string, Answer]>([
    ['a server that says nothing', () => {}],
    ['a body that stops half way', (_request, response) => response.writeHead(200).write('half')],
    [
      'a body that trickles',
      (_request, response) => {
        const timer = setInterval(() => response.write('x'), 5)
        response.on('close', () => clearInterval(timer))
      },
    ],
    [
      // Six answers take no less than 360 ms, all together.
      'redirects that each take their time',
      (_request, response) => setTimeout(() => response.writeHead(302, { location: '/' }).end(), 60),
    ],
  ])('ends %s', async (_name, answer) => {
    const { response } = await ask(answer, { timeoutMs: 200 })
    await expect(response).rejects.toEqual(new FetchFailed('There was no whole response within 200 ms.'))
  })

  test('ends a silent resolver', async () => {
    const safeFetch = createSafeFetch({ allow: [], lookup: () => new Promise(() => {}) })
    const signal = new AbortController().signal
    const response = safeFetch.fetch({ url: 'http://example.com', signal, timeoutMs: 50, maxBytes: 1 })
    await expect(response).rejects.toThrow('no whole response within 50 ms')
  })

  test('does not delay an abort, which throws its reason', async () => {
    const caller = new AbortController()
    const { response, server } = await ask(() => caller.abort(new Error('enough')), { signal: caller.signal })
    await expect(response).rejects.toThrow('enough')
    expect(server.seen).toHaveLength(1)
  })

  test('of a closed client is over', async () => {
    const { response, safeFetch } = await ask(() => void safeFetch.close())
    await expect(response).rejects.toEqual(new FetchFailed('The server is stopping.'))
    const signal = new AbortController().signal
    const later = safeFetch.fetch({ url: 'http://example.com', signal, timeoutMs: 50, maxBytes: 1 })
    await expect(later).rejects.toEqual(new FetchFailed('The server is stopping.'))
  })
})

describe('what is sent', () => {
  test('is only what the caller said, plus three harmless headers', async () => {
    const { response, server } = await ask(text('here'), { headers: { 'X-One': '1' } })
    await response
    expect(server.seen[0]?.headers).toEqual({
      host: server.host,
      connection: 'close',
      accept: '*/*',
      'accept-encoding': 'gzip, br',
      'user-agent': 'Backchannel',
      'x-one': '1',
    })
  })

  test.each([
    [{ 'x-a': 'one\r\nx-b: two' }, 'The header x-a holds a line break'],
    [{ 'x-a': 'one\ntwo' }, 'The header x-a holds a line break'],
    [{ 'x-a': 'one\u0000' }, 'The header x-a holds a line break'],
    [{ 'x-a': '\u010a' }, 'a character that headers cannot carry'],
    [{ 'x-a: 1\r\nx-b': '2' }, 'is not the name of a header'],
    [{ 'x a': '1' }, 'is not the name of a header'],
    [{ '': '1' }, 'is not the name of a header'],
    [{ Host: 'other' }, 'The header Host is set by the client itself'],
    [{ 'Transfer-Encoding': 'chunked' }, 'set by the client itself'],
    [{ 'content-length': '0' }, 'set by the client itself'],
    [{ Connection: 'x-a' }, 'set by the client itself'],
  ])('is not with the headers %j', async (headers: Readonly<Record<string, string>>, reason) => {
    const { response, server } = await ask(text('here'), { headers })
    await expect(response).rejects.toThrow(FetchRefused)
    await expect(response).rejects.toThrow(reason)
    expect(server.seen).toEqual([])
  })

  test.each(['CONNECT', 'TRACE', 'GET / HTTP/1.1\r\nX: y', '', 'FOO'])('never has the method %j', async (method) => {
    const { response, server } = await ask(text('here'), { method })
    await expect(response).rejects.toThrow('is not one of GET, HEAD, POST')
    expect(server.seen).toEqual([])
  })
})

test('reveals nothing about an answer that is not HTTP', async () => {
  const server = createServer((socket) => socket.resume().end('+OK secret of another protocol\r\n'))
  await new Promise<void>((resolve) => opened(server).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const safeFetch = opened(createSafeFetch({ allow: ['127.0.0.1'] }))
  const signal = new AbortController().signal
  const response = safeFetch.fetch({
    url: `http://127.0.0.1:${port}/?token=abc`,
    signal,
    timeoutMs: 60_000,
    maxBytes: 10,
  })
  const error = await response.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(FetchFailed)
  expect((error as Error).message).toBe(`127.0.0.1:${port} answered with something that is not HTTP.`)
  expect((error as Error).cause).toBeUndefined()
})
