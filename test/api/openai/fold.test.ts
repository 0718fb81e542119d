import { describe, expect, test } from 'vitest'
import { entriesOf, logs } from '../../support/openai/logs.ts'
import { accumulated, eventsOf, openFold } from '../../support/openai/replay.ts'

const textItem = (id: string, text: string, status = 'completed') => [id, 'message', status, text]
const call = (id: string, type: string, status: string, output?: unknown) => [id, type, status, output]

/** What each log comes to: the last event, the status, and the items of the output. */
const ends: Readonly<Record<string, readonly [string, string, readonly unknown[]]>> = {
  'an answer': ['response.completed', 'completed', [textItem('msg_a', 'The wide sea.')]],
  'thoughts and an answer that came whole': [
    'response.completed',
    'completed',
    [
      ['rs_r', 'reasoning', 'completed', 'Let me look.'],
      textItem('msg_a', '海が見える。 😀 And a long_unbroken_identifier_of_many_units'),
    ],
  ],
  'a take-over in mid-answer': ['response.completed', 'completed', [textItem('msg_a2', 'The wide sea.')]],
  'calls of the server, one of which fails': [
    'response.completed',
    'completed',
    [
      textItem('msg_a', 'I look.'),
      call('mcp_1', 'mcp_call', 'failed', 'fog'),
      call('mcp_2', 'mcp_call', 'completed', '{"wide":true}'),
      textItem('msg_b', 'Fog.'),
    ],
  ],
  'many calls at once': [
    'response.completed',
    'completed',
    [
      ...Array.from({ length: 20 }, (_, index) => call(`mcp_many${index}`, 'mcp_call', 'completed', `many${index}`)),
      textItem('msg_a', 'Many.'),
    ],
  ],
  'a call that is left to the client': [
    'response.completed',
    'completed',
    [call('fc_1', 'function_call', 'completed', 'call_1')],
  ],
  'a call that the run waits for': [
    'response.completed',
    'completed',
    [call('fc_1', 'function_call', 'completed', 'call_1'), textItem('msg_b', 'Blue it is')],
  ],
  'a cancellation in mid-answer, over the head of the worker': [
    'response.incomplete',
    'cancelled',
    [call('mcp_1', 'mcp_call', 'incomplete', null), textItem('msg_a', 'The wide s', 'incomplete')],
  ],
  'a cancellation before it began': ['response.incomplete', 'cancelled', []],
  'a failure': ['response.failed', 'failed', []],
  'an answer that was cut': ['response.incomplete', 'incomplete', [textItem('msg_a', 'The wide')]],
}

interface AnyItem {
  readonly id?: string
  readonly type: string
  readonly status?: string
  readonly call_id?: string
  readonly output?: unknown
  readonly error?: { readonly content?: readonly { readonly text: string }[] } | null
  readonly content?: readonly { readonly text?: string }[]
  readonly summary?: readonly { readonly text: string }[]
}

function shown({ id, type, status, call_id, output, error, content, summary }: AnyItem) {
  const texts = content ?? error?.content ?? summary
  // Each ends with the channel of its response.
  return [
    id?.replace('.channel-0123456789', ''),
    type,
    status,
    call_id ?? texts?.map(({ text }) => text).join('') ?? output,
  ]
}

describe.each(Object.entries(logs))('%s', (name, log) => {
  const entries = entriesOf(log)
  const events = eventsOf(entries)
  const [last, status, output] = ends[name] ?? []

  test('passes the accumulation of the stock client, whose result is the last event', async () => {
    const { final, seen } = await accumulated(events, null)
    expect(seen.map((event) => event.type)).toEqual(events.map((event) => event.type))
    expect(seen.at(-1)?.type).toBe(last)
    expect(final.status).toBe(status)
    expect(final.output.map((item) => shown(item as AnyItem))).toEqual(output)
  })

  test('is what a client gets that asks for the response', () => {
    const fold = openFold()
    for (const { event, at } of entries) fold.accept(event, at)
    expect(fold.response()).toEqual(events.at(-1)?.['response'])
  })
})

test('a take-over ends what was begun as incomplete, and begins again under another index', () => {
  const events = eventsOf(entriesOf(logs['a take-over in mid-answer'] ?? []))
  const told = events.map(({ sequence_number, type, output_index, delta, item }) => {
    const { status } = (item ?? {}) as { readonly status?: string }
    return [sequence_number, type.replace('response.', ''), output_index, delta ?? status]
  })
  expect(told).toEqual([
    [1, 'created', undefined, undefined],
    [2, 'queued', undefined, undefined],
    [17, 'in_progress', undefined, undefined],
    [33, 'output_item.added', 0, 'in_progress'],
    [34, 'reasoning_summary_part.added', 0, undefined],
    [49, 'output_item.added', 1, 'in_progress'],
    [50, 'content_part.added', 1, undefined],
    [68, 'output_text.delta', 1, 'The '],
    [70, 'reasoning_summary_text.delta', 0, 'Hm'],
    [71, 'reasoning_summary_text.done', 0, undefined],
    [72, 'reasoning_summary_part.done', 0, undefined],
    [73, 'output_item.done', 0, 'incomplete'],
    [88, 'output_text.delta', 1, 'wi'],
    [89, 'output_text.done', 1, undefined],
    [90, 'content_part.done', 1, undefined],
    [91, 'output_item.done', 1, 'incomplete'],
    [105, 'output_item.added', 2, 'in_progress'],
    [106, 'content_part.added', 2, undefined],
    [124, 'output_text.delta', 2, 'The '],
    [129, 'output_text.delta', 2, 'wide '],
    [133, 'output_text.delta', 2, 'sea.'],
    [134, 'output_text.done', 2, undefined],
    [135, 'content_part.done', 2, undefined],
    [136, 'output_item.done', 2, 'completed'],
    [150, 'completed', undefined, undefined],
  ])
})

test('a response that goes on shows what was said so far, and whether it waits for its client', () => {
  const fold = openFold()
  const entries = entriesOf(logs['a call that the run waits for'] ?? [])
  const waiting: boolean[] = []
  for (const { event, at } of entries.slice(0, 8)) {
    fold.accept(event, at)
    waiting.push(fold.isWaiting())
  }
  expect(waiting).toEqual([false, false, false, false, false, true, false, false])
  fold.accept({ type: 'text-delta', messageId: 'msg_b', position: 0, text: 'Blue it is' }, 0)
  expect(fold.response()).toMatchObject({
    status: 'in_progress',
    usage: null,
    output: [{ type: 'function_call' }, { status: 'in_progress', content: [{ text: 'Blue it is' }] }],
  })
})

test('a call that the client cannot carry out is not asked of it', () => {
  const fold = openFold()
  const problem = { code: 'NOT_FOUND', message: 'function not found' } as const
  const event = {
    type: 'function-call-requested',
    call: { id: 'call_1', name: 'unknown', arguments: null, answer: 'caller', deadline: null },
    providerCallId: '1',
    problem,
  } as const
  fold.accept(event, 0)
  expect(fold.response().output).toMatchObject([{ type: 'mcp_call', name: 'unknown', arguments: '' }])
})

test('a delta that overlaps what is known tells only what is new', () => {
  const fold = openFold()
  const deltas = [
    { position: 0, text: 'The wi' },
    { position: 4, text: 'wide s' },
    { position: 4, text: 'wi' },
    { position: 10, text: 'ea.' },
  ]
  const told = deltas.flatMap((delta) => fold.accept({ type: 'text-delta', messageId: 'msg_a', ...delta }, 0))
  expect(told.map(({ delta }) => delta ?? '').join('')).toBe('The wide ')
  expect(fold.response().output).toMatchObject([{ content: [{ text: 'The wide sea.' }] }])
})
