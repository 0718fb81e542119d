import { expect, test } from 'vitest'
import { aiSdkPrompt } from '../../../src/models/ai-sdk/prompt.ts'

test('says every kind of message and part in the AI SDK’s words, in order', () => {
  const prompt = aiSdkPrompt([
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Is it raining?' },
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'I need to look.' },
        { type: 'text', text: 'Let me see.' },
        { type: 'call', callId: 'c1', name: 'weather', arguments: { city: 'Oslo' } },
      ],
    },
    { role: 'tool', callId: 'c1', name: 'weather', result: { rain: true } },
    { role: 'tool', callId: 'c2', name: 'wind', result: 'none' },
    { role: 'tool', callId: 'c3', name: 'sun', result: undefined },
  ])
  expect(prompt).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Is it raining?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'I need to look.' },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: 'Oslo' } },
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'c1',
          toolName: 'weather',
          output: { type: 'json', value: { rain: true } },
        },
      ],
    },
    {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: 'c2', toolName: 'wind', output: { type: 'text', value: 'none' } }],
    },
    {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: 'c3', toolName: 'sun', output: { type: 'json', value: null } }],
    },
  ])
})

test('sends back with a part what its provider told of it', () => {
  const metadata = { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'x' } }
  const prompt = aiSdkPrompt([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: '', metadata },
        { type: 'text', text: 'Hi', metadata: { openai: { itemId: 'msg_1' } } },
        { type: 'call', callId: 'c1', name: 'weather', arguments: {}, metadata: { openai: { itemId: 'fc_1' } } },
      ],
    },
  ])
  expect(prompt).toEqual([
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: '', providerOptions: metadata },
        { type: 'text', text: 'Hi', providerOptions: { openai: { itemId: 'msg_1' } } },
        {
          type: 'tool-call',
          toolCallId: 'c1',
          toolName: 'weather',
          input: {},
          providerOptions: { openai: { itemId: 'fc_1' } },
        },
      ],
    },
  ])
})
