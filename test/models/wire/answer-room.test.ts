import { expect, test } from 'vitest'
import { answerBounds } from '../../../src/models/wire/answer-room.ts'
import { anthropicMessages } from '../../../src/models/wire/anthropic-messages.ts'
import { chatCompletions } from '../../../src/models/wire/chat-completions.ts'
import { createHearing } from '../../../src/models/wire/hearing.ts'
import { responses } from '../../../src/models/wire/responses.ts'

const formats = { chat: chatCompletions(), anthropic: anthropicMessages, responses }
type Format = keyof typeof formats

/** The n-th event of an answer that never ends; each holds the piece. */
type Endless = (n: number, piece: string) => object

const delta =
  (told: (n: number, piece: string) => object): Endless =>
  (n, piece) => ({ choices: [{ index: 0, delta: told(n, piece) }] })
const call = (index: number, told: object, id?: string) => ({ tool_calls: [{ index, id, function: told }] })
const block = (index: number, told: object) => ({ type: 'content_block_start', index, content_block: told })
const added = (index: number, item: object) => ({ type: 'response.output_item.added', output_index: index, item })
const done = (index: number, item: object) => ({ type: 'response.output_item.done', output_index: index, item })

/** What a model or a server may go on with for ever. Text and thinking are not among it: they are said as they come. */
const endless: readonly (readonly [what: string, format: Format, events: Endless])[] = [
  ['arguments of a call', 'chat', delta((n, piece) => call(0, n === 0 ? { name: 'write' } : { arguments: piece }))],
  ['arguments of a call without a name', 'chat', delta((_, piece) => call(0, { arguments: piece }))],
  ['calls', 'chat', delta((n) => call(n, { name: 'write', arguments: '{}' }))],
  ['names of calls', 'chat', delta((n, piece) => call(n, { name: piece }))],
  ['ids of calls', 'chat', delta((n, piece) => call(n, { name: 'write' }, `${n}${piece}`))],
  ['refusal', 'chat', delta((_, refusal) => ({ refusal }))],
  [
    'arguments of a call',
    'anthropic',
    (n, partial_json) =>
      n === 0
        ? block(0, { type: 'tool_use', id: 'a', name: 'write', input: {} })
        : { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json } },
  ],
  ['calls', 'anthropic', (n) => block(n, { type: 'tool_use', id: `${n}`, name: 'write', input: {} })],
  [
    'arguments that calls begin with',
    'anthropic',
    (n, text) => block(n, { type: 'tool_use', name: 'w', input: { text } }),
  ],
  ['names of calls', 'anthropic', (n, name) => block(n, { type: 'tool_use', name, input: {} })],
  [
    'signature',
    'anthropic',
    (n, signature) =>
      n === 0
        ? block(0, { type: 'thinking', thinking: '' })
        : { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature } },
  ],
  ['hidden thinking', 'anthropic', (n, data) => block(n, { type: 'redacted_thinking', data })],
  ['blocks of unknown kinds', 'anthropic', (n) => block(n, { type: 'new_thing' })],
  [
    'arguments of a call',
    'responses',
    (n, piece) =>
      n === 0
        ? added(0, { type: 'function_call', id: 'a', call_id: 'a', name: 'write' })
        : { type: 'response.function_call_arguments.delta', output_index: 0, delta: piece },
  ],
  ['calls', 'responses', (n) => added(n, { type: 'function_call', id: `${n}`, name: 'write' })],
  ['whole calls', 'responses', (n, piece) => done(n, { type: 'function_call', name: 'write', arguments: piece })],
  ['messages without text', 'responses', (n) => added(n, { type: 'message', id: `${n}`, content: [] })],
  ['hidden thinking', 'responses', (n, piece) => done(n, { type: 'reasoning', id: `${n}`, encrypted_content: piece })],
  ['refusal', 'responses', (_, piece) => ({ type: 'response.refusal.delta', output_index: 0, delta: piece })],
]

/** Listens until the answer ends, or so many characters of it are read. */
async function listen(format: Format, events: (n: number) => object, most: number) {
  let [read, taken, isCancelled] = [0, 0, false]
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const line = `data: ${JSON.stringify(events(taken++))}\n\n`
        read += line.length
        if (read > most) controller.close()
        else controller.enqueue(Buffer.from(line))
      },
      cancel: () => {
        isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const { fetch, heard } = createHearing({
    fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    format: formats[format],
    secret: undefined,
    sleep: (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true })),
  })
  const response = await fetch('http://provider.test')
  let told = 0
  for await (const bytes of response.body ?? []) told += bytes.length
  return { heard, read, told, taken, isCancelled }
}

const piece = 'x'.repeat(50_000)
const most = 3 * answerBounds.characters

test.each(endless)('%s that do not end (%s) cut the answer, which is asked for once', async (_what, format, events) => {
  const { heard, read, told, taken, isCancelled } = await listen(format, (n) => events(n, piece), most)
  expect(heard.fault).toMatchObject({
    kind: 'unavailable',
    isRetryable: false,
    message:
      'One answer of the model holds more than a run takes: 4000000 characters of calls, or 2000 calls and blocks.',
  })
  expect(isCancelled).toBe(true)
  expect(taken).toBeLessThanOrEqual(answerBounds.items + 2)
  expect(read).toBeLessThan(1.1 * answerBounds.characters)
  // A whole item is told when it begins and when it ends.
  expect(told).toBeLessThan(2.2 * answerBounds.characters)
})

const text: Readonly<Record<Format, (text: string) => object>> = {
  chat: (content) => ({ choices: [{ index: 0, delta: { content } }] }),
  anthropic: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  responses: (delta) => ({ type: 'response.output_text.delta', output_index: 0, delta }),
}

test.each(Object.keys(formats) as Format[])('what is said as it comes is not cut (%s)', async (format) => {
  const { read, told } = await listen(format, () => text[format](piece), 2 * answerBounds.characters)
  expect(read).toBeGreaterThan(2 * answerBounds.characters)
  expect(told).toBeGreaterThan(1.9 * answerBounds.characters)
})
