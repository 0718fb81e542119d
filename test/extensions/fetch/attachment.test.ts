import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { createFetchAttachment } from '../../../src/extensions/fetch/attachment.ts'
import { createSafeFetch, type SafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { inlinePages, toFetch } from '../../support/inline-helpers.ts'
import { opened } from '../../support/lifetime/opened.ts'

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))))
const png = bytes(0x89, 'PNG\r\n', 0x1a, '\n', 0, 0)

const pages: Readonly<Record<string, readonly [status: number, type: string | null, body: Buffer]>> = {
  '/cat.png': [200, 'image/png', png],
  '/cat': [200, 'application/octet-stream', png],
  '/lying.html': [200, 'text/html', bytes('%PDF-1.7 …')],
  '/paper.pdf': [200, 'application/pdf', bytes('%PDF-1.7')],
  '/notes.md': [200, 'text/markdown; charset=utf-8', Buffer.from('# Ä 🙂')],
  '/old.txt': [200, 'text/plain; charset="ISO-8859-1"', bytes('caf', 0xe9)],
  '/data': [200, 'application/vnd.api+json', Buffer.from('{"a":1}')],
  '/untyped': [200, null, Buffer.from('just text')],
  '/broken.txt': [200, 'text/plain', bytes(0xff, 0xfe, 0xfd)],
  '/binary.txt': [200, 'text/plain', bytes(1, 2, 0)],
  '/film.mp4': [200, 'video/mp4', bytes(0, 0, 0, 'ftyp')],
  '/long.txt': [200, 'text/plain', Buffer.from(`${'x'.repeat(99_999)}🙂 and more`)],
  '/iphone.jpg': [200, 'image/jpeg', bytes(0, 0, 0, 24, 'ftypheic', 0, 0, 0, 0, 'mif1heic')],
  '/page.png': [200, 'image/png', Buffer.from('<!doctype html><title>Log in</title>')],
  '/empty.gif': [200, 'image/gif', Buffer.alloc(0)],
  '/page.pdf': [200, 'application/pdf', Buffer.from('Not found.')],
  '/gone': [404, 'text/plain', Buffer.from('Not here.')],
}
const server = createServer((request, response) => {
  const [status, type, body] = pages[request.url ?? ''] ?? [500, null, Buffer.alloc(0)]
  response.writeHead(status, type === null ? {} : { 'content-type': type }).end(body)
})
let port: number
let safeFetch: SafeFetch
beforeAll(async () => {
  await new Promise<void>((resolve) => opened(server).listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  safeFetch = opened(createSafeFetch({ allow: [`127.0.0.1:${port}`] }))
})
const fetched = (path: string) =>
  createFetchAttachment(safeFetch, inlinePages)(
    toFetch(`http://127.0.0.1:${port}${path}`),
    new AbortController().signal,
  )

test.each([
  ['/cat.png', { kind: 'file', mediaType: 'image/png' }],
  ['/cat', { kind: 'file', mediaType: 'image/png' }],
  ['/lying.html', { kind: 'file', mediaType: 'application/pdf' }],
  ['/paper.pdf', { kind: 'file', mediaType: 'application/pdf' }],
  ['/notes.md', { kind: 'text', mediaType: 'text/markdown', text: '# Ä 🙂', bytes: 9, isCut: false }],
  ['/old.txt', { kind: 'text', text: 'café' }],
  ['/data', { kind: 'text', mediaType: 'application/vnd.api+json', text: '{"a":1}' }],
  ['/untyped', { kind: 'text', mediaType: 'text/plain', text: 'just text' }],
  ['/broken.txt', { kind: 'text', mediaType: 'text/plain', bytes: 3, text: '\ufffd' }],
  ['/binary.txt', { kind: 'other', mediaType: 'application/octet-stream', bytes: 3 }],
  ['/film.mp4', { kind: 'other', mediaType: 'video/mp4', bytes: 7 }],
  ['/iphone.jpg', { kind: 'other', mediaType: 'image/heic', bytes: 24 }],
  ['/page.png', { kind: 'failed', message: 'The server calls it image/png, and its content is something else.' }],
  ['/empty.gif', { kind: 'failed' }],
  ['/page.pdf', { kind: 'failed' }],
  ['/gone', { kind: 'failed', message: 'The server answered with status 404.' }],
])('%s is taken for what it is', async (path, expected) => {
  expect(await fetched(path)).toMatchObject(expected)
})

test('a long text is cut, but not in the middle of a character', async () => {
  expect(await fetched('/long.txt')).toEqual({
    kind: 'text',
    mediaType: 'text/plain',
    bytes: 100_012,
    text: 'x'.repeat(99_999),
    isCut: true,
  })
})

test('internal addresses and non-web URLs are not fetched', async () => {
  const get = createFetchAttachment(safeFetch, inlinePages)
  for (const url of ['http://127.0.0.1:1/x', 'http://169.254.169.254/latest', 'file:///etc/passwd']) {
    expect(await get(toFetch(url), new AbortController().signal)).toMatchObject({ kind: 'failed' })
  }
})

test('an abort is thrown', async () => {
  const aborted = AbortSignal.abort(new Error('enough'))
  await expect(
    createFetchAttachment(safeFetch, inlinePages)(toFetch(`http://127.0.0.1:${port}/cat`), aborted),
  ).rejects.toThrow('enough')
})
