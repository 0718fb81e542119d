import { expect, test } from 'vitest'
import type { PromptMessage } from '../../../src/models/model.ts'
import { type SentTo, sentBody } from './sent.ts'

const anthropic = { model: 'anthropic:claude-sonnet-4-5' }
const openai = { model: 'openai:gpt-5.4' }
const groq = { model: 'compatible:llama-4-scout', host: 'api.groq.com', settings: { files: 'images' } }

function png(width: number, height: number, bytes = 100): Uint8Array {
  const head = Buffer.alloc(bytes)
  head.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}
const frame = [0x00, 0x21, 0xf9, 0x04, 4, 10, 0, 0, 0x00, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0]
const gif = (frames: number) =>
  Buffer.concat([
    Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\0\0', 'latin1'),
    Buffer.from(Array(frames).fill(frame).flat()),
  ])

/** What is left out, and what the model is told of it. One line a report. */
const cases: readonly (readonly [
  what: string,
  to: SentTo,
  mediaType: string,
  content: Uint8Array,
  told: RegExp | null,
])[] = [
  [
    'an image of 3.9 MB, which is more than 5 MB on the wire',
    anthropic,
    'image/png',
    png(10, 10, 3_950_000),
    /it has 3\.95 MB, and the model takes 3\.93 MB/,
  ],
  ['an image of 3.9 MB', anthropic, 'image/png', png(10, 10, 3_900_000), null],
  ['an image of 3.9 MB', openai, 'image/png', png(10, 10, 3_950_000), null],
  ['an image of 8001 pixels a side', anthropic, 'image/png', png(8001, 10), /8001 by 10 pixels/],
  ['an image of 8000 pixels a side', anthropic, 'image/png', png(8000, 10), null],
  ['a moving GIF', openai, 'image/gif', gif(2), /no moving images/],
  ['a GIF that does not move', openai, 'image/gif', gif(1), null],
  ['a moving GIF', anthropic, 'image/gif', gif(2), null],
  ['an image of 3.2 MB', groq, 'image/png', png(10, 10, 3_200_000), /it has 3\.20 MB/],
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
  const files = [1, 2, 3, 4, 5, 6].map((width) => ({
    fileId: `${width}`,
    mediaType: 'image/png',
    content: png(width, 1),
  }))
  const { text } = await sentBody(groq, { prompt: [{ role: 'user', text: 'Look.', files }] })
  expect(text.split('data:image/png').length - 1).toBe(5)
  expect(text).toContain('The file was left out: the model takes 5 images at once.')
})
