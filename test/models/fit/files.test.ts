import { expect, test } from 'vitest'
import type { PromptMessage } from '../../../src/models/model.ts'
import { type SentTo, sentBody } from './sent.ts'

const anthropic = { model: 'anthropic:claude-sonnet-4-5' }
const openai = { model: 'openai:gpt-5.4' }
const proxied = { model: 'compatible:anthropic/claude-sonnet-4.6', settings: { files: 'images' } }
const qwen = { model: 'compatible:qwen3-vl-plus', settings: { files: 'images' } }
const gemini = { model: 'compatible:gemini-3-pro', settings: { files: 'images' } }

function png(width: number, height: number, bytes = 100): Uint8Array {
  const head = Buffer.alloc(bytes)
  head.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}
const gif = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\0\0 and so on', 'latin1')

/** What is left out, and what the model is told of it. One line a report. */
const cases: readonly (readonly [
  what: string,
  to: SentTo,
  mediaType: string,
  content: Uint8Array,
  told: RegExp | null,
])[] = [
  [
    'an image of 3.95 MB',
    proxied,
    'image/png',
    png(10, 10, 3_950_000),
    /it has 3\.95 MB, and the model takes 3\.93 MB/,
  ],
  ['an image of 3.9 MB', proxied, 'image/png', png(10, 10, 3_900_000), null],
  [
    'an image of 7.9 MB',
    anthropic,
    'image/png',
    png(10, 10, 7_900_000),
    /it has 7\.90 MB, and the model takes 7\.86 MB/,
  ],
  ['an image of 3.95 MB', anthropic, 'image/png', png(10, 10, 3_950_000), null],
  ['an image of 7.9 MB', openai, 'image/png', png(10, 10, 7_900_000), null],
  ['an image of 8001 pixels a side', anthropic, 'image/png', png(8001, 10), /8001 by 10 pixels/],
  ['an image of 8000 pixels a side', anthropic, 'image/png', png(8000, 10), null],
  ['an image of 10 pixels a side', qwen, 'image/png', png(10, 40), /10 by 40 pixels, and the model takes 11 a side/],
  ['an image of 11 pixels a side', qwen, 'image/png', png(11, 40), null],
  ['an image of 10 pixels a side', openai, 'image/png', png(10, 40), null],
  ['a GIF', gemini, 'image/gif', gif, /takes no GIFs/],
  ['a GIF', openai, 'image/gif', gif, null],
]

test.each(cases)('%s: %j', async (_what, to, mediaType, content, told) => {
  const prompt: readonly PromptMessage[] = [
    { role: 'user', text: 'Look.', files: [{ fileId: 'f', mediaType, content }] },
  ]
  const { text } = await sentBody(to, { prompt })
  expect(text.includes(Buffer.from(content.slice(0, 24)).toString('base64'))).toBe(told === null)
  if (told === null) expect(text).not.toContain('left out')
  else expect(text).toMatch(told)
})

test('of more images than are taken the latest stay', async () => {
  const files = Array.from({ length: 102 }, (_, n) => ({
    fileId: `${n}`,
    mediaType: 'image/png',
    content: png(n + 1, 1),
  }))
  const { text } = await sentBody(proxied, { prompt: [{ role: 'user', text: 'Look.', files }] })
  expect(text.split('data:image/png').length - 1).toBe(100)
  expect(text).not.toContain(Buffer.from(png(2, 1).slice(0, 24)).toString('base64'))
  expect(text).toContain('The file was left out: the model takes 100 images at once.')
})

test.each([
  ['20 large images', 20, 0, anthropic, 20, null],
  ['21 large images', 21, 0, anthropic, 20, 'the model takes 20 images at once'],
  ['two large images among 30 small ones', 2, 30, anthropic, 30, 'of many images, the model takes 2000 pixels a side'],
  ['two large images among 30 small ones', 2, 30, openai, 32, null],
  ['two large images among 19 small ones', 2, 19, proxied, 20, 'the model takes 20 images at once'],
  ['30 small images', 0, 30, anthropic, 30, null],
] as const)('%s (%i, %i): %j', async (_what, large, small, to, sent, told) => {
  const sides = [...Array.from({ length: large }, () => 2001), ...Array.from({ length: small }, () => 2000)]
  const files = sides.map((side, n) => ({ fileId: `${n}`, mediaType: 'image/png', content: png(side, n + 1) }))
  const { text } = await sentBody(to, { prompt: [{ role: 'user', text: 'Look.', files }] })
  expect(text.split('iVBORw0KGgo').length - 1).toBe(sent)
  if (told === null) expect(text).not.toContain('left out')
  else expect(text.split(`left out: ${told}`).length - 1).toBe(large + small - sent)
})
