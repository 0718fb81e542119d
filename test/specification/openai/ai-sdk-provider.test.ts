import { createOpenAI } from '@ai-sdk/openai'
import { generateText, isStepCount, Output, streamText, tool } from 'ai'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createScriptedModel, type ScriptedCall, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'

// The AI SDK's own provider for OpenAI, pointed here: another client of the same API, with checks of its own.

async function start(...script: readonly ScriptedCall[]) {
  const scripted = { ...createScriptedModel(script), takesAnswerFormat: true }
  const { url } = await startService({ model: scripted.name, providers: [scriptedProvider(scripted)] })
  return createOpenAI({ baseURL: `${url}/openai/v1`, apiKey: 'a-key' })('scripted')
}

const look = tool({
  description: 'Looks.',
  inputSchema: z.object({ at: z.string() }),
  execute: async ({ at }) => `${at} is blue`,
})
const script = [
  { lines: ['I look. ', { call: 'look', arguments: { at: 'sea' } }] },
  { lines: [{ reasoning: 'Blue, then.' }, 'It is blue.'] },
]
const asked = { instructions: 'Be brief.', prompt: 'What is it like?', tools: { look }, stopWhen: isStepCount(3) }

test('carries out its tools between two responses, whole and streamed', async () => {
  const whole = await generateText({ ...asked, model: await start(...script) })
  expect(whole.steps.map(({ text }) => text)).toEqual(['I look. ', 'It is blue.'])
  expect(whole.steps[0]?.toolResults).toMatchObject([{ output: 'sea is blue' }])
  expect([whole.finishReason, whole.usage.outputTokens]).toEqual(['stop', 10])

  const streamed = streamText({ ...asked, model: await start(...script) })
  let text = ''
  for await (const part of streamed.textStream) text += part
  expect([text, (await streamed.steps).length]).toEqual(['I look. It is blue.', 2])
})

test('gets an answer in its form', async () => {
  const model = await start({ lines: ['{"far":true}'] })
  const { output } = await generateText({
    model,
    prompt: 'How far?',
    output: Output.object({ schema: z.object({ far: z.boolean() }) }),
  })
  expect(output).toEqual({ far: true })
})

test('refers to what was said before, which the model is told again', async () => {
  const scripted = createScriptedModel([{ lines: [{ reasoning: 'Blue?' }, 'It is blue.'] }, { lines: ['Deep blue.'] }])
  const { url } = await startService({ model: scripted.name, providers: [scriptedProvider(scripted)] })
  const bodies: string[] = []
  const openai = createOpenAI({
    baseURL: `${url}/openai/v1`,
    apiKey: 'a-key',
    fetch: (input, init) => {
      bodies.push(String(init?.body))
      return fetch(input, init)
    },
  })
  const first = await generateText({ model: openai('scripted'), prompt: 'What is it like?' })
  const messages = [{ role: 'user' as const, content: 'What is it like?' }, ...first.responseMessages]
  const second = await generateText({
    model: openai('scripted'),
    messages: [...messages, { role: 'user', content: 'How blue?' }],
  })
  expect(second.text).toBe('Deep blue.')
  expect(bodies[1]).toContain('item_reference')
  expect(bodies[1]).not.toContain('It is blue.')
  expect(JSON.stringify(scripted.calls[1]?.prompt)).toContain('It is blue.')
})
