import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readBoth } from './read-both.ts'

const html = (text: string, headers = {}) => ({ type: 'text/html; charset=utf-8', body: Buffer.from(text), headers })

test('an attached page is its words as abilities read them, after any amount of scripts and styles', async () => {
  const page = `<script>${'x();'.repeat(40_000)}</script><style>${'a{}'.repeat(40_000)}</style>
    <h1>News</h1><p>One <a href="https://a.example/">link</a> &amp; more.</p>`
  const { ability, attachment } = await readBoth(html(page))
  expect(attachment).toEqual({
    kind: 'text',
    mediaType: 'text/html',
    bytes: page.length,
    text: '# News\n\nOne [link](https://a.example/) & more.',
    isCut: false,
  })
  expect(ability).toEqual({
    kind: 'data',
    data: { status: 200, body: '# News\n\nOne [link](https://a.example/) & more.' },
  })
})

test('of a page with too many words the model gets the beginning and is told', async () => {
  const { attachment } = await readBoth(html(`<p>begin</p>${'<p>word</p>'.repeat(30_000)}`))
  expect(attachment).toMatchObject({ kind: 'text', isCut: true })
  expect(attachment).toHaveProperty('text', expect.stringMatching(/^begin\n\nword/))
  expect((attachment as { text: string }).text.length).toBeLessThanOrEqual(100_000)
})

test('of a page with too much markup the model gets the beginning and is told', async () => {
  const { attachment } = await readBoth(html(`<p>begin</p><i>${' '.repeat(1_000_000)}</i><p>end</p>`))
  expect(attachment).toMatchObject({ kind: 'text', text: 'begin', isCut: true })
})

test('of a text beyond the limit of bytes the model gets the beginning, not an error', async () => {
  const body = Buffer.alloc(8_000_010, 'ä')
  const { attachment } = await readBoth({ type: 'text/plain; charset=utf-8', body })
  expect(attachment).toEqual({
    kind: 'text',
    mediaType: 'text/plain',
    bytes: 8_000_000,
    text: 'ä'.repeat(100_000),
    isCut: true,
  })
})

test('a text that unpacks to more than the limit is cut there too', async () => {
  const body = gzipSync(Buffer.alloc(30_000_000, 'b'))
  const { attachment } = await readBoth({ type: 'text/plain', body, headers: { 'content-encoding': 'gzip' } })
  expect(attachment).toMatchObject({ kind: 'text', bytes: 8_000_000, isCut: true })
})

test('a file beyond the limit fails, because half a file is none', async () => {
  const body = Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(8_000_000)])
  const { attachment } = await readBoth({ type: 'application/pdf', body })
  expect(attachment).toEqual({ kind: 'failed', message: 'The response has more than 8000000 bytes.' })
})

// Decoding all of a large text in such a charset takes a tenth of a second, for what the model never gets.
test('of an attached text no more is decoded than its beginning takes in any usual charset', async () => {
  const wasteful = Buffer.from('\u001b$B0!\u001b(BA'.repeat(60_000))
  const { attachment } = await readBoth({ type: 'text/plain; charset=iso-2022-jp', body: wasteful, headers: {} })
  const { text, ...rest } = attachment as { readonly text: string }
  expect([text.length, text.slice(0, 4)]).toEqual([88_888, '亜A亜A'])
  expect(rest).toEqual({ kind: 'text', mediaType: 'text/plain', bytes: 540_000, isCut: true })
})
