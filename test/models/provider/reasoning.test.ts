import { expect, test } from 'vitest'
import { playedTurn as turn } from './played-turn.ts'
import { call, patched, startWire, user } from './wire.ts'

test('OpenAI keeps nothing: its reasoning comes encrypted and goes back with the next request', async () => {
  const wire = await startWire()
  wire.mock.onMessage('Hi', { content: 'Hello', reasoning: 'They greet.' })
  wire.mock.onMessage('Again', { content: 'Hello again' })
  const model = wire.open('openai', 'gpt-5.4', { reasoningEffort: 'low' })
  const first = await call(model, [user('Hi')])
  expect(first).toMatchObject({ fault: null, reasoning: 'They greet.', text: 'Hello' })
  await call(model, [user('Hi'), turn(first.parts), user('Again')])

  const [{ body: asked }, { body: next }] = wire.sent as [(typeof wire.sent)[0], (typeof wire.sent)[0]]
  expect(asked).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] })
  const id = expect.stringMatching(/^rs/)
  const encrypted_content = expect.stringMatching(/^[\w=]{40,}$/)
  expect(next['input']).toEqual([
    { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    { type: 'reasoning', id, encrypted_content, summary: [{ type: 'summary_text', text: 'They greet.' }] },
    { role: 'assistant', content: 'Hello' },
    { role: 'user', content: [{ type: 'input_text', text: 'Again' }] },
  ])
})

test('OpenAI’s reasoning comes and goes back without a word said of it too', async () => {
  const wire = await startWire()
  wire.mock.onMessage('Hi', { content: 'Hello' })
  wire.mock.onMessage('Again', { content: 'Hello again' })
  const model = wire.open('openai', 'gpt-5.4')
  const first = await call(model, [user('Hi')])
  expect(first.reasoning).toBe('')
  await call(model, [user('Hi'), turn(first.parts), user('Again')])
  expect(wire.sent[1]?.body['input']).toMatchObject([
    { role: 'user' },
    { type: 'reasoning', encrypted_content: expect.any(String), summary: [] },
    { role: 'assistant', content: 'Hello' },
    { role: 'user' },
  ])
})

test('Anthropic’s thinking goes back with its signature, and what it redacted, in their order', async () => {
  const wire = await startWire()
  const reasoning = { reasoning: 'They greet.', reasoningSignature: 'c2lnbmF0dXJl', redactedThinking: ['b3BhcXVl'] }
  wire.mock.onMessage('Hi', { content: 'Hello', ...reasoning })
  wire.mock.onMessage('Again', { content: 'Hello again' })
  const model = wire.open('anthropic', 'claude-sonnet-4-5', { reasoningEffort: 'low' })
  const first = await call(model, [user('Hi')])
  expect(first).toMatchObject({ fault: null, reasoning: 'They greet.', text: 'Hello' })
  await call(model, [user('Hi'), turn(first.parts), user('Again')])
  expect(wire.sent[0]?.body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: expect.any(Number) } })
  expect(wire.sent[1]?.body['messages']).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'redacted_thinking', data: 'b3BhcXVl' },
        { type: 'thinking', thinking: 'They greet.', signature: 'c2lnbmF0dXJl' },
        { type: 'text', text: 'Hello' },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'Again' }] },
  ])
})

test('a compatible server’s reasoning is told under either of its names', async () => {
  const wire = await startWire()
  wire.mock.onMessage('Hi', { content: 'Hello', reasoning: 'They greet.' })
  const model = wire.open('compatible', 'deepseek-r1')
  expect(await call(model, [user('Hi')])).toMatchObject({ reasoning: 'They greet.', text: 'Hello' })
  wire.edit = (events) => events.map((event) => event.replace('"reasoning_content"', '"reasoning"'))
  expect(await call(model, [user('Hi')])).toMatchObject({ reasoning: 'They greet.', text: 'Hello' })
})

test('one provider’s signatures mean nothing to another, and do not get in its way', async () => {
  const wire = await startWire()
  wire.mock.on({}, { content: 'Hello', reasoning: 'They greet.', reasoningSignature: 'c2lnbmF0dXJl' })
  const others = [wire.open('openai', 'gpt-5.4'), wire.open('openai-chat', 'gpt-5.4'), wire.open('compatible', 'qwen3')]
  const { parts } = await call(wire.open('anthropic', 'claude-sonnet-4-5'), [user('Hi')])
  const prompt = [user('Hi'), turn(parts), user('Again')]
  for (const model of others) expect(await call(model, prompt)).toMatchObject({ fault: null, text: 'Hello' })
  expect(JSON.stringify(wire.sent.slice(1))).not.toContain('c2lnbmF0dXJl')
})

test('several summaries of one reasoning of OpenAI’s are one item again', async () => {
  const wire = await startWire()
  wire.mock.onMessage('Hi', { content: 'Hello', reasoning: 'First.' })
  wire.mock.onMessage('Again', { content: 'Hello again' })
  // The mock knows of one summary; this writes a second one behind it.
  wire.edit = (events) =>
    events.flatMap((event) => {
      if (!event.includes('event: response.reasoning_summary_part.done')) return [event]
      const second = (type: string, more: object) =>
        patched(event.replaceAll('response.reasoning_summary_part.done', type), (data) => ({
          ...data,
          type,
          summary_index: 1,
          ...more,
        }))
      const part = { type: 'summary_text', text: 'Second.' }
      return [
        event,
        second('response.reasoning_summary_part.added', { part: { type: 'summary_text', text: '' } }),
        second('response.reasoning_summary_text.delta', { delta: 'Second.', part: undefined }),
        second('response.reasoning_summary_part.done', { part }),
      ]
    })
  const model = wire.open('openai', 'gpt-5.4', { reasoningEffort: 'low' })
  const first = await call(model, [user('Hi')])
  expect(first.reasoning).toBe('First.Second.')
  await call(model, [user('Hi'), turn(first.parts), user('Again')])
  const items = wire.sent[1]?.body['input'] as readonly { type?: string }[]
  expect(items.filter(({ type }) => type === 'reasoning')).toEqual([
    {
      type: 'reasoning',
      id: expect.any(String),
      encrypted_content: expect.any(String),
      summary: [{ type: 'summary_text', text: 'First.Second.' }],
    },
  ])
})
