import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai'
import { describe, expect, test } from 'vitest'
import { textOf } from '../../support/ai-sdk/scripted-chats.ts'

// What the stock client does that the facade counts on. Whatever of it changes changes the facade.

type Chunk = Readonly<Record<string, unknown>>

const start = (messageId?: string): Chunk => ({ type: 'start', ...(messageId !== undefined && { messageId }) })
const step: Chunk = { type: 'start-step' }
const text = (words: string): readonly Chunk[] => [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: words },
]
const textEnd: Chunk = { type: 'text-end', id: 't' }
const end: readonly Chunk[] = [{ type: 'finish-step' }, { type: 'finish', finishReason: 'stop' }]
const whole = (id: string | undefined, words: string) => [start(id), step, ...text(words), textEnd, ...end]
const call: Chunk = { type: 'tool-input-available', toolCallId: 'c', toolName: 'look', input: {} }
const output: Chunk = { type: 'tool-output-available', toolCallId: 'c', output: 'blue' }

/** An answer of a server: chunks, and whether the network breaks behind them, or nothing comes; or a status with its body. */
type Answer =
  | { readonly chunks: readonly Chunk[]; readonly breaks?: boolean; readonly hangs?: boolean }
  | { readonly status: number; body?: string }

function responseTo(answer: Answer): Response {
  if ('status' in answer) return new Response(answer.body ?? null, { status: answer.status })
  const frames = answer.chunks.map((chunk) => new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`))
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = frames.shift()
      if (next !== undefined) controller.enqueue(next)
      else if (answer.breaks === true) controller.error(new TypeError('network error'))
      else if (answer.hangs !== true) controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** The stock client on the stock transport, whose server answers so, one request after the other. */
function chatOf(...answers: readonly Answer[]) {
  const rest = [...answers]
  const ends: unknown[] = []
  const transport = new DefaultChatTransport<UIMessage>({
    api: 'http://chat.test/chat',
    fetch: async (_url, init) => {
      const next = rest.shift()
      if (next === undefined) throw new Error('There is no further answer.')
      init?.signal?.throwIfAborted()
      return responseTo(next)
    },
  })
  const chat = new Chat({
    id: 'chat-of-this-test-1',
    transport,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onFinish: ({ isAbort, isDisconnect, isError }) => ends.push({ isAbort, isDisconnect, isError }),
  })
  return { chat, ends }
}

const said = ({ messages }: Chat<UIMessage>) => messages.map(textOf)
const half: Answer = { chunks: [start('a'), step, ...text('Half')], breaks: true }

describe('a replay', () => {
  test('takes the place of half a message under its own id alone', async () => {
    for (const [id, shown] of [
      ['a', ['Hi', 'Half and half']],
      ['b', ['Hi', 'Half', 'Half and half']],
    ] as const) {
      const { chat } = chatOf(half, { chunks: whole(id, 'Half and half') })
      await chat.sendMessage({ text: 'Hi' })
      await chat.resumeStream()
      expect([id, said(chat)]).toEqual([id, shown])
    }
  })

  test('over a tool that was answered puts it back, unless it has the output', async () => {
    for (const [more, state] of [
      [[], 'input-available'],
      [[output], 'output-available'],
    ] as const) {
      const { chat } = chatOf(
        { chunks: [start('a'), step, call, ...end] },
        { chunks: [start('a')], breaks: true },
        { chunks: [start('a'), step, call, ...more, ...end] },
        { chunks: [start('a'), ...end] },
      )
      await chat.sendMessage({ text: 'Hi' })
      await chat.addToolOutput({ tool: 'look', toolCallId: 'c', output: 'blue' })
      await expect.poll(() => chat.status).toBe('error')
      await chat.resumeStream()
      expect(chat.messages[1]?.parts.find(({ type }) => type === 'tool-look')).toMatchObject({ state })
    }
  })
})

test('what goes on behind a tool of the page under a new id copies the answer into a second message', async () => {
  for (const [id, count] of [
    ['a', 2],
    ['b', 3],
  ] as const) {
    const { chat } = chatOf(
      { chunks: [start('a'), step, call, ...end] },
      { chunks: [start(id), step, ...text('Blue.'), textEnd, ...end] },
    )
    await chat.sendMessage({ text: 'Hi' })
    await chat.addToolOutput({ tool: 'look', toolCallId: 'c', output: 'blue' })
    await expect.poll(() => said(chat).at(-1)).toBe('Blue.')
    expect([id, chat.messages.length]).toEqual([id, count])
    expect(chat.messages.at(-1)?.parts.some(({ type }) => type === 'tool-look')).toBe(true)
  }
})

test('204 after a cut declares half an answer ready, and tells nobody that it has finished', async () => {
  const { chat, ends } = chatOf(half, { status: 204 })
  await chat.sendMessage({ text: 'Hi' })
  expect([chat.status, ends]).toEqual(['error', [{ isAbort: false, isDisconnect: true, isError: true }]])
  await chat.resumeStream()
  expect([chat.status, chat.error, said(chat), ends.length]).toEqual(['ready', undefined, ['Hi', 'Half'], 1])
})

test('a clean end without `finish` is taken for success', async () => {
  const { chat, ends } = chatOf({ chunks: [start('a'), step, ...text('Half')] })
  await chat.sendMessage({ text: 'Hi' })
  expect([chat.status, chat.error, ends]).toEqual([
    'ready',
    undefined,
    [{ isAbort: false, isDisconnect: false, isError: false }],
  ])
})

test('a second resume aborts the first, and two ends are told', async () => {
  const { chat, ends } = chatOf(
    { chunks: [start('a'), step, ...text('Ha')], hangs: true },
    { chunks: whole('a', 'Whole') },
  )
  const first = chat.resumeStream()
  await expect.poll(() => said(chat)).toEqual(['Ha'])
  await Promise.all([chat.resumeStream(), first])
  expect(said(chat)).toEqual(['Whole'])
  expect(ends).toHaveLength(2)
})

test('`reset-step` keeps the beginning of its step: another one behind it leaves an empty step', async () => {
  for (const [more, types] of [
    [[], ['step-start', 'text']],
    [[step], ['step-start', 'step-start', 'text']],
  ] as const) {
    const chunks = [
      start('a'),
      step,
      ...text('Half'),
      textEnd,
      { type: 'reset-step' },
      ...more,
      ...text('All'),
      textEnd,
    ]
    const { chat } = chatOf({ chunks: [...chunks, ...end] })
    await chat.sendMessage({ text: 'Hi' })
    expect([said(chat).at(-1), chat.messages[1]?.parts.map(({ type }) => type)]).toEqual(['All', types])
  }
})

test('an unknown type ends the stream; unknown fields and `data-*` pass', async () => {
  const passing = chatOf({
    chunks: [{ ...start('a'), ours: 1 }, step, { type: 'data-ours', data: 1 }, ...text('All'), textEnd, ...end],
  })
  await passing.chat.sendMessage({ text: 'Hi' })
  expect([passing.chat.status, said(passing.chat).at(-1)]).toEqual(['ready', 'All'])
  const failing = chatOf({ chunks: [start('a'), step, { type: 'ours' }, ...text('All'), textEnd, ...end] })
  await failing.chat.sendMessage({ text: 'Hi' })
  expect([failing.chat.status, said(failing.chat).at(-1)]).toEqual(['error', ''])
})

test('the whole body of a refusal is the error that is shown', async () => {
  const { chat } = chatOf({ status: 404, body: 'There is no such chat.' })
  await chat.sendMessage({ text: 'Hi' })
  expect([chat.status, chat.error?.message]).toEqual(['error', 'There is no such chat.'])
})
