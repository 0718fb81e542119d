import type { LanguageModelV4, LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { continuationNotice } from '../../../src/conversation/prompt/prompt.ts'
import { createDemoModel, type DemoSettings } from '../../../src/models/demo/model.ts'

const noSleep = { sleep: () => Promise.reject(new Error('it slept')) }

function user(text: string): LanguageModelV4Prompt[number] {
  return { role: 'user', content: [{ type: 'text', text }] }
}

function assistant(text: string): LanguageModelV4Prompt[number] {
  return { role: 'assistant', content: [{ type: 'text', text }] }
}

function demo(settings: DemoSettings = {}): LanguageModelV4 {
  return createDemoModel({ delayMs: 0, ...settings }, noSleep)
}

async function answerOf(prompt: LanguageModelV4Prompt, settings: DemoSettings = {}, maxOutputTokens = 1_000_000) {
  const { content, finishReason, usage } = await demo(settings).doGenerate({ prompt, maxOutputTokens })
  const text = content.find((part) => part.type === 'text')?.text ?? ''
  const reasoning = content.find((part) => part.type === 'reasoning')?.text ?? ''
  return { text, reasoning, finish: finishReason.unified, usage }
}

/** What a worker does: asks again with all pieces said so far and the notice, until the model is done. */
async function saidInPieces(prompt: LanguageModelV4Prompt, settings: DemoSettings, maxOutputTokens: number) {
  const pieces: string[] = []
  for (let finish = 'length'; finish === 'length' && pieces.length < 100; ) {
    const notice = pieces.length === 0 ? [] : [...pieces.map(assistant), user(continuationNotice)]
    const piece = await answerOf([...prompt, ...notice], settings, maxOutputTokens)
    pieces.push(piece.text)
    finish = piece.finish
  }
  return pieces
}

async function read(stream: ReadableStream<LanguageModelV4StreamPart>) {
  const parts: LanguageModelV4StreamPart[] = []
  for await (const part of stream) parts.push(part)
  return parts
}

test('says that it is a demo, quotes the last user message, counts the messages and explains what happens', async () => {
  const { text, finish } = await answerOf([
    { role: 'system', content: 'You are a pirate.' },
    user('Hello'),
    assistant('Hi!'),
    user('What is the capital of Norway?'),
  ])
  expect(text).toBe(`\
I am Backchannel's demo model, a small program that understands nothing and only looks as if it were thinking. You said \
“What is the capital of Norway?”, this conversation has 3 messages so far, and to anything else I would have answered \
much the same.

What you are watching is real, though. A worker in the background says this answer word by word, and each word is \
written to a log that outlives your connection before anyone gets to see it. You are reading that log, not the worker. \
So close the tab, lose the network, pick up another device: the answer carries on without you. When you come back, show \
the cursor of the last event you saw, and you resume right after it, with nothing repeated and nothing missing. Whoever \
joins late reads everything from the start and then follows along live.

Name a real model in my place and all of this stays the same. Only the words will begin to mean something.`)
  expect(finish).toBe('stop')
})

test('counts an assistant’s message at the end that is not the beginning of its own answer', async () => {
  const { text } = await answerOf([user('Hi'), assistant('Hello!')])
  expect(text).toContain('You said “Hi”, this conversation has 2 messages so far')
})

test.each([
  ['Hi 👋', '“Hi 👋”'],
  ['one\n\n two\tthree', '“one two three”'],
  ['1 2 3 4 5 6 7 8 9 10 11 12', '“1 2 3 4 5 6 7 8 9 10 11 12”'],
  ['1 2 3 4 5 6 7 8 9 10 11 12 13', '“1 2 3 4 5 6 7 8 9 10 11 12…”'],
  ['👩‍👩‍👧'.repeat(81), `“${'👩‍👩‍👧'.repeat(80)}…”`],
  ['今日は'.repeat(30), `“${'今日は'.repeat(26)}今日…”`],
  ['a\u0000b\u001b[31m', '“a b [31m”'],
  ['\u202eevil\u2066', '“evil”'],
  ['half \ud83d', '“half \ufffd”'],
  [`hi${' x'.repeat(1_000_000)}`, '“hi x x x x x x x x x x x…”'],
])('quotes %j safely', async (text, quote) => {
  expect((await answerOf([user(text)], { words: 100 })).text).toContain(`You said ${quote}, this conversation has 1 `)
})

test.each([[[]], [[user(' \n\u0000 ')]]])('answers when there is nothing to quote', async (prompt) => {
  expect((await answerOf(prompt)).text).toContain('Your last message holds no words to quote, this conversation has ')
})

test.each([1, 5, 150, 1_000])('says exactly %i words when asked to', async (words) => {
  const { text, finish, usage } = await answerOf([user('Hi')], { words })
  expect(text.split(/\s+/)).toHaveLength(words)
  expect(usage.outputTokens).toEqual({ total: words, text: words, reasoning: 0 })
  expect(finish).toBe('stop')
})

test('counts the words of a prompt; of a long text those at its beginning, which stand for the rest', async () => {
  const { usage } = await answerOf([user(' one\ntwo '.repeat(1000)), user('word '.repeat(200_000))])
  expect(usage.inputTokens.total).toBe(202_000)
})

test('streams one word a part, each with the space before it', async () => {
  const { stream } = await demo({ words: 3 }).doStream({ prompt: [user('How are you?')] })
  expect(await read(stream)).toEqual([
    { type: 'stream-start', warnings: [] },
    { type: 'text-start', id: 'text' },
    { type: 'text-delta', id: 'text', delta: 'I' },
    { type: 'text-delta', id: 'text', delta: ' am' },
    { type: 'text-delta', id: 'text', delta: " Backchannel's" },
    { type: 'text-end', id: 'text' },
    {
      type: 'finish',
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: {
        inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 3, text: 3, reasoning: 0 },
      },
    },
  ])
})

test('reasons in a block of its own before it answers, and counts that as output', async () => {
  const { stream } = await demo({ words: 2, reasoning: true }).doStream({ prompt: [user('Hi')] })
  const parts = await read(stream)
  expect(parts.map(({ type }) => type).filter((type) => !type.endsWith('-delta'))).toEqual([
    'stream-start',
    'reasoning-start',
    'reasoning-end',
    'text-start',
    'text-end',
    'finish',
  ])
  const { reasoning, usage } = await answerOf([user('Hi')], { words: 2, reasoning: true })
  expect(reasoning).toBe(
    'There is a message to answer, and I understand none of it. ' +
      'I will quote a little, count what there is to count, and then explain what can be seen here.',
  )
  expect(usage.outputTokens).toEqual({ total: 33, text: 2, reasoning: 31 })
})

test('is cut at the token limit with finish reason length', async () => {
  expect(await answerOf([user('Hi')], { words: 3 }, 2)).toMatchObject({ text: 'I am', finish: 'length' })
  expect(await answerOf([user('Hi')], { words: 3 }, 3)).toMatchObject({ finish: 'stop' })
})

test.each([
  ['prose', [user('Hi 👋\nthere “friend”')], {}, 40],
  ['one word at a time', [user('Hi')], { words: 30 }, 1],
  ['a long answer', [user('Hi')], { words: 1_000 }, 170],
  ['a conversation that ends with the assistant', [user('Hi'), assistant('Hello!')], {}, 50],
  ['a conversation that ends with several', [user('Hi'), assistant('Hello!'), assistant('I am')], {}, 50],
] as const)('cut pieces join up to the uncut answer: %s', async (_, messages, settings, limit) => {
  const whole = await answerOf([...messages], settings)
  const pieces = await saidInPieces([...messages], settings, limit)
  expect(pieces.length).toBeGreaterThan(1)
  expect(pieces.join('')).toBe(whole.text)
})

test('goes on from the middle of a word, and without a notice', async () => {
  expect(await answerOf([user('Hi'), assistant('I am Backch')], { words: 5 })).toMatchObject({
    text: "annel's demo model,",
  })
})

test('does not reason again when it goes on, even when the reasoning was cut', async () => {
  const settings = { words: 3, reasoning: true }
  const cut = await answerOf([user('Hi')], settings, 5)
  expect(cut).toMatchObject({ text: '', reasoning: 'There is a message to', finish: 'length' })
  const rest = await answerOf([user('Hi'), user(continuationNotice)], settings, 5)
  expect(rest).toMatchObject({ text: "I am Backchannel's", reasoning: '', finish: 'stop' })
})

test('waits its delay before every word and no longer', async () => {
  const slept: number[] = []
  const sleep = async (ms: number) => void slept.push(ms)
  await createDemoModel({ words: 3 }, { sleep }).doGenerate({ prompt: [user('Hi')] })
  await createDemoModel({ words: 2, delayMs: 7 }, { sleep }).doGenerate({ prompt: [user('Hi')] })
  expect(slept).toEqual([30, 30, 30, 7, 7])
})

test('makes nothing that was not asked for', async () => {
  const slept: number[] = []
  const sleep = async (ms: number) => void slept.push(ms)
  const { stream } = await createDemoModel({}, { sleep }).doStream({ prompt: [user('Hi')] })
  const reader = stream.getReader()
  await reader.read()
  await reader.read()
  expect(slept).toEqual([])
  expect((await reader.read()).value).toMatchObject({ delta: 'I' })
  expect(slept).toEqual([30])
})

test.each(['aborting', 'cancelling'])('%s ends the sleep', async (way) => {
  const abort = new AbortController()
  const reason = new Error('not wanted any more')
  const asleep = Promise.withResolvers<AbortSignal>()
  const sleep = (_: number, signal: AbortSignal) => {
    asleep.resolve(signal)
    return new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('woken'))))
  }
  const { stream } = await createDemoModel({}, { sleep }).doStream({ prompt: [user('Hi')], abortSignal: abort.signal })
  const reader = stream.getReader()
  await reader.read()
  await reader.read()
  const word = reader.read()
  const signal = await asleep.promise
  if (way === 'aborting') {
    abort.abort(reason)
    await expect(word).rejects.toBe(reason)
  } else {
    await reader.cancel(reason)
    expect(await word).toEqual({ done: true, value: undefined })
  }
  expect(signal.reason).toBe(reason)
})

test('an abort between two words fails the next one, without a sleep', async () => {
  const abort = new AbortController()
  const { stream } = await demo().doStream({ prompt: [user('Hi')], abortSignal: abort.signal })
  const reader = stream.getReader()
  await reader.read()
  abort.abort('gone')
  await expect(reader.read()).rejects.toBe('gone')
})

test('lets other work of the process go on while it says a long answer without a delay', async () => {
  let turns = 0
  let isDone = false
  const turn = () => {
    turns += 1
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  await answerOf([user('Hi')], { words: 2_000 })
  isDone = true
  expect(turns).toBeGreaterThanOrEqual(8)
})
