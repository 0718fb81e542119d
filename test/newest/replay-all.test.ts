import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import last from './last.json' with { type: 'json' }

test('every recorded stream is played to all of ours that read its protocol, in one process of its own', () => {
  const script = join(import.meta.dirname, 'replay-all.ts')
  const read: Record<string, string> = JSON.parse(execFileSync(process.execPath, [script]).toString())
  const streams = globSync('*/*', { cwd: join(import.meta.dirname, '../models/streams') })
  const readings = streams.flatMap((file) => {
    const both = file.startsWith('chat/')
      ? ['openai-chat', 'compatible']
      : [file.startsWith('r') ? 'openai' : 'anthropic']
    return both.map((id) => `${file} by ${id}`)
  })
  expect(Object.keys(read).sort()).toEqual(readings.sort())
  const usage = '{"inputTokens":12,"cachedInputTokens":0,"outputTokens":7,"reasoningTokens":0}'
  expect(read['chat/openai-good.sse by compatible']).toBe(`The capital of France is Paris.[stop ${usage}]`)
  expect(read['chat/together-validation.sse by openai-chat']).toMatch(/^\[ModelFault: Input validation error/)
})

test('what the SDKs made of the streams is kept, to be compared at night', () => {
  expect(Object.keys(last.versions)).toEqual(['openai', '@anthropic-ai/sdk'])
  expect(Object.keys(last.read).length).toBeGreaterThan(100)
})
