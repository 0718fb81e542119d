import { describe, expect, test } from 'vitest'
import { transcriptTurns } from '../../src/conversation/earlier-turn.ts'
import type { Fact } from '../../src/conversation/event.ts'
import { fold, transcript } from '../../src/conversation/fold.ts'
import { toPrompt } from '../../src/conversation/prompt/prompt.ts'
import { noUsage } from '../../src/conversation/usage.ts'

const signature = { anthropic: { signature: 'c2ln' } }
const redacted = { anthropic: { redactedData: 'b3BhcXVl' } }
const call = { id: 'fc_1', name: 'look', arguments: { city: 'Oslo' }, answer: 'static', deadline: null } as const
const activity = (type: 'request' | 'response', more: object = {}) =>
  ({
    id: `${type}_1`,
    type: 'activity',
    text: '',
    meta: { activity: { type, id: 'fc_1', function: { name: 'look', arguments: { city: 'Oslo' }, ...more } } },
  }) as const

/** A run in which the model thought, called a function and answered. */
const facts: readonly Fact[] = [
  { type: 'dispatch-queued', messages: [{ id: 'u1', type: 'user', text: 'Rain?' }] },
  { type: 'dispatch-started', attempt: 1, model: 'anthropic:claude-sonnet-4-5/reasoningEffort=low' },
  { type: 'iteration-started', iteration: 1 },
  { type: 'message-completed', message: { id: 'r1', type: 'reasoning', text: 'I look.' } },
  { type: 'function-call-requested', call, providerCallId: 'toolu_1', problem: null },
  { type: 'message-completed', message: activity('request') },
  {
    type: 'iteration-finished',
    iteration: 1,
    finish: 'stop',
    usage: noUsage,
    parts: [
      { type: 'reasoning', messageId: null, metadata: redacted },
      { type: 'reasoning', messageId: 'r1', metadata: signature },
      { type: 'call', callId: 'fc_1', metadata: null },
    ],
  },
  { type: 'function-call-completed', call, data: 'dry' },
  { type: 'message-completed', message: activity('response', { result: 'dry' }) },
  { type: 'iteration-started', iteration: 2 },
  { type: 'message-completed', message: { id: 'b1', type: 'bot', text: 'Dry.' } },
  { type: 'iteration-finished', iteration: 2, finish: 'stop', usage: noUsage },
]
const stateOf = (of: readonly Fact[]) => fold(of.map((event) => ({ at: 0, event })))
const again = { id: 'u2', type: 'user', text: 'And Bergen?' } as const
const read = (of: readonly Fact[], provider: string) => {
  const { messages, turns, earlier } = stateOf(of)
  return toPrompt({ backstory: null, messages, turns, earlier, provider })
}
const continued = (of: readonly Fact[]): readonly Fact[] => {
  const state = stateOf(of)
  return [{ type: 'dispatch-queued', messages: [...transcript(state), again], turns: transcriptTurns(state) }]
}

describe('a dispatch that continues another', () => {
  test("returns the provider's own data, as the run itself did", () => {
    const inRun = read(facts, 'anthropic')
    expect(inRun.slice(0, 3)).toEqual([
      { role: 'user', text: 'Rain?' },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: '', metadata: redacted },
          { type: 'reasoning', text: 'I look.', metadata: signature },
          { type: 'call', callId: 'toolu_1', name: 'look', arguments: { city: 'Oslo' } },
        ],
      },
      { role: 'tool', callId: 'toolu_1', name: 'look', result: 'dry' },
    ])
    expect(read(continued(facts), 'anthropic')).toEqual([...inRun, { role: 'user', text: 'And Bergen?' }])
  })

  test('passes it on to a dispatch that continues it', () => {
    const twice = continued([...continued(facts), { type: 'dispatch-started', attempt: 1, model: 'openai:gpt-5.4' }])
    expect(read(twice, 'anthropic').slice(0, 4)).toEqual(read(facts, 'anthropic'))
  })

  test('gives another provider only text and calls', () => {
    const prompt = read(continued(facts), 'openai')
    expect(JSON.stringify(prompt)).not.toMatch(/signature|redacted/)
    expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
  })

  test('keeps at most a million characters of it, the latest', () => {
    const long = { anthropic: { signature: 'x'.repeat(600_000) } }
    const turn = (id: string): readonly Fact[] => [
      { type: 'iteration-started', iteration: 1 },
      { type: 'message-completed', message: { id, type: 'bot', text: id } },
      {
        type: 'iteration-finished',
        iteration: 1,
        finish: 'stop',
        usage: noUsage,
        parts: [{ type: 'text', messageId: id, metadata: long }],
      },
    ]
    const turns = transcriptTurns(stateOf([...turn('a'), ...turn('b')]))
    expect(turns.map(({ parts }) => parts[0])).toMatchObject([{ messageId: 'b' }])
  })
})
