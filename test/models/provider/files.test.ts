import { expect, test } from 'vitest'
import type { PromptMessage } from '../../../src/models/model.ts'
import { callWith, startWire } from './wire.ts'

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47)
const pdf = Uint8Array.from(Buffer.from('%PDF-1.7'))
const [png64, pdf64] = ['iVBORw==', 'JVBERi0xLjc=']
const prompt: readonly PromptMessage[] = [
  {
    role: 'user',
    text: 'Look.',
    files: [
      { fileId: 'a', mediaType: 'image/png', content: png },
      { fileId: 'b', mediaType: 'application/pdf', content: pdf },
      // Its content was not got: it is named in the text only.
      { fileId: 'c', mediaType: 'image/png' },
    ],
  },
]

test.each([
  ['openai', 'gpt-5.4'],
  ['openai-chat', 'gpt-5.4'],
  ['anthropic', 'claude-sonnet-4-5'],
] as const)('%s is given images and PDFs beside the text, in its own form', async (id, name) => {
  const wire = await startWire()
  wire.mock.on({}, { content: 'I see.' })
  const model = wire.open(id, name)
  const takes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'video/mp4'].map(
    (mediaType) => model.takesFile?.(mediaType) ?? false,
  )
  expect(takes).toEqual([true, true, true, true, true, false])
  expect((await callWith(model, { prompt })).text).toBe('I see.')
  const body = JSON.stringify(wire.sent[0]?.body)
  expect(body).toContain('Look.')
  expect(body.split(png64)).toHaveLength(2)
  expect(body.split(pdf64)).toHaveLength(2)
})

test('a compatible server is given images where its settings say that it takes them, and PDFs never', async () => {
  const wire = await startWire()
  wire.mock.on({}, { content: 'I see.' })
  const blind = wire.open('compatible', 'deepseek-r1')
  const seeing = wire.open('compatible', 'deepseek-r1', { files: 'images' })
  expect([
    blind.takesFile?.('image/png'),
    seeing.takesFile?.('image/png'),
    seeing.takesFile?.('application/pdf'),
  ]).toEqual([false, true, false])
  const [message] = prompt
  const images = message?.role === 'user' ? [{ ...message, files: message.files?.slice(0, 1) ?? [] }] : []
  await callWith(seeing, { prompt: images })
  expect(JSON.stringify(wire.sent[0]?.body)).toContain(png64)
})
