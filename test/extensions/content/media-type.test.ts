import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { mediaKindOf, mediaKinds } from '../../../src/extensions/content/media-kinds.ts'
import { bytes, type Sent, utf16le } from './pages.ts'
import { readBoth } from './read-both.ts'

const csv = Buffer.from('name;city\nÄnn;Köln\n')

describe('text is text in both places', () => {
  test.each<[string, Sent, mediaType: string]>([
    ['as application/octet-stream', { type: 'application/octet-stream', body: csv }, 'text/plain'],
    ['as binary/octet-stream, as S3 has it', { type: 'binary/octet-stream', body: csv }, 'text/plain'],
    ['in capitals', { type: 'Application/Octet-Stream; x=1', body: csv }, 'text/plain'],
    ['as a download', { type: 'application/force-download', body: csv }, 'text/plain'],
    ['as application/csv', { type: 'application/csv', body: csv }, 'application/csv'],
    ['as application/x-csv', { type: 'application/x-csv', body: csv }, 'application/x-csv'],
    ["as Excel's type", { path: '/list.csv', type: 'application/vnd.ms-excel', body: csv }, 'text/csv'],
    ['as a type that nobody knows', { type: 'application/x-notes', body: csv }, 'application/x-notes'],
    ['as a type that is none', { type: 'utf-8', body: csv }, 'text/plain'],
    ['as any type', { type: '*/*', body: csv }, 'text/plain'],
    ['without a type', { type: null, body: csv }, 'text/plain'],
    ['whose path has the name', { path: '/a/list.csv?x=1', type: 'application/octet-stream', body: csv }, 'text/csv'],
    [
      'whose server tells the name',
      {
        path: '/download',
        type: 'application/octet-stream',
        headers: { 'content-disposition': 'attachment; filename="list.csv"' },
        body: csv,
      },
      'text/csv',
    ],
    ['that begins as a picture does', { type: null, body: Buffer.from('BMW is a car.') }, 'text/plain'],
  ])('%s', async (_title, sent, mediaType) => {
    const { ability, attachment } = await readBoth(sent)
    const text = Buffer.from(sent.body).toString()
    expect(ability).toEqual({ kind: 'data', data: { status: 200, body: text } })
    expect(attachment).toMatchObject({ kind: 'text', mediaType, text })
  })

  test("Excel's CSV in UTF-16 as octet-stream", async () => {
    const body = bytes(0xff, 0xfe, utf16le('name\tKöln'))
    const { ability, attachment } = await readBoth({ type: 'application/octet-stream', body })
    expect(ability).toEqual({ kind: 'data', data: { status: 200, body: 'name\tKöln' } })
    expect(attachment).toMatchObject({ kind: 'text', text: 'name\tKöln' })
  })

  test('JSON whose name alone tells it', async () => {
    const sent = { path: '/data.json', type: 'binary/octet-stream', body: Buffer.from('{"a":1}') }
    const { ability, attachment } = await readBoth(sent)
    expect(ability).toEqual({ kind: 'data', data: { a: 1 } })
    expect(attachment).toMatchObject({ kind: 'text', mediaType: 'application/json', text: '{"a":1}' })
  })

  test('a page without a type', async () => {
    const { ability, attachment } = await readBoth({ type: null, body: Buffer.from('<!doctype html><h1>Hi</h1>') })
    expect(ability).toEqual({ kind: 'data', data: { status: 200, body: '# Hi' } })
    expect(attachment).toMatchObject({ kind: 'text', mediaType: 'text/html', text: '# Hi' })
  })
})

describe('what is not text is not in either place', () => {
  const compound = bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, Buffer.alloc(600))
  test.each<[string, Sent, mediaType: string]>([
    ["Excel's own file", { type: 'application/vnd.ms-excel', body: compound }, 'application/x-cfb'],
    ['gzip that is called CSV', { type: 'text/csv', body: gzipSync('a;b') }, 'application/gzip'],
    ['gzip that is called text', { type: 'text/plain', body: gzipSync('a;b') }, 'application/gzip'],
    ['bytes of no kind', { type: 'application/octet-stream', body: bytes(0, 1, 2, 3) }, 'application/octet-stream'],
    ['bytes of an unknown type', { type: 'application/x-thing', body: bytes(0, 1, 2) }, 'application/x-thing'],
    ['a film', { type: 'video/mp4', body: bytes(0, 0, 0, 'ftyp') }, 'video/mp4'],
    [
      'a file whose name tells more than its bytes',
      { path: '/a.docx', type: 'application/octet-stream', body: bytes(1, 2, 3) },
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
  ])('%s', async (_title, sent, mediaType) => {
    const { ability, attachment } = await readBoth(sent)
    expect(ability).toEqual({ kind: 'error', message: `Response is not text, but ${mediaType}` })
    expect(attachment).toMatchObject({ kind: 'other', mediaType })
  })

  test('a PDF that is called a page is a file for the model', async () => {
    const { ability, attachment } = await readBoth({ type: 'text/html', body: bytes('%PDF-1.7 …') })
    expect(ability).toEqual({ kind: 'error', message: 'Response is not text, but application/pdf' })
    expect(attachment).toMatchObject({ kind: 'file', mediaType: 'application/pdf' })
  })
})

test.each(mediaKinds.flatMap(({ kind, examples }) => examples.map((example) => [example, kind] as const)))(
  '%s is of the kind %s, as the docs say',
  (example, kind) => {
    expect(mediaKindOf(example)).toBe(kind)
  },
)
