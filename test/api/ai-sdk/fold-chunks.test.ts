import { describe, expect, test } from 'vitest'
import type { Chunk } from '../../../src/api/ai-sdk/chunk.ts'
import { createCountedFold } from '../../../src/api/ai-sdk/counted-chunks.ts'
import { createChunkFold } from '../../../src/api/ai-sdk/fold-chunks.ts'
import type { ChannelEvent, FinishReason } from '../../../src/conversation/event.ts'
import type { FunctionCall } from '../../../src/conversation/function.ts'
import { noUsage } from '../../../src/conversation/usage.ts'
import type { ChannelId, ChannelKey } from '../../../src/kernel/ids.ts'

const first = { account: 'a', channel: 'first-channel-01' } as ChannelKey
const last: ChannelKey = { ...first, channel: 'last-channel-012' as ChannelId }

/** What is told of the events, the first channel's and the last one's, without the `start`. */
function told(
  events: readonly ChannelEvent[],
  earlier: readonly ChannelEvent[] = [],
  hasCalls = false,
): readonly unknown[] {
  const fold = createChunkFold({ messageId: 'answer', last, hasCalls })
  const tell = (key: ChannelKey) => (event: ChannelEvent, index: number) =>
    fold.accept({ offset: index + 1, tag: '', at: 0, event }, key).frames
  const frames = [...earlier.flatMap(tell(first)), ...events.flatMap(tell(last)), ...(fold.atHead?.().frames ?? [])]
  expect(frames[0]).toEqual({ type: 'start', messageId: 'answer' })
  return frames.slice(1)
}

const queued: ChannelEvent = { type: 'dispatch-queued', messages: [{ id: 'q', type: 'user', text: 'Hi' }] }
const began: ChannelEvent = { type: 'iteration-started', iteration: 1 }
const text = (messageId: string, position: number, piece: string): ChannelEvent => ({
  type: 'text-delta',
  messageId,
  position,
  text: piece,
})
const said = (id: string, type: 'bot' | 'reasoning', words: string): ChannelEvent => ({
  type: 'message-completed',
  message: { id, type, text: words },
})
const ended: ChannelEvent = { type: 'iteration-finished', iteration: 1, finish: 'stop', usage: noUsage }
const callOf = (answer: FunctionCall['answer']): FunctionCall => ({
  id: 'call_1',
  name: 'look',
  arguments: { at: 'sea' },
  answer,
  deadline: null,
})
const requested = (answer: FunctionCall['answer']): ChannelEvent => ({
  type: 'function-call-requested',
  call: callOf(answer),
  providerCallId: 'p',
  problem: null,
})
const awaited = (answer: FunctionCall['answer']): ChannelEvent => ({
  type: 'function-result-awaited',
  call: callOf(answer),
  resultChannelId: answer === 'channel' ? first.channel : null,
})
const completed = (finishReason: FinishReason): ChannelEvent => ({
  type: 'dispatch-completed',
  result: { text: '', finishReason },
  usage: noUsage,
})

describe('a message', () => {
  test('is told as it grows, once, whatever overlaps', () => {
    expect(
      told([queued, began, text('a', 0, 'One '), text('a', 2, 'e two'), said('a', 'bot', 'One two.'), ended]),
    ).toEqual([
      { type: 'start-step' },
      { type: 'text-start', id: 'a' },
      { type: 'text-delta', id: 'a', delta: 'One ' },
      { type: 'text-delta', id: 'a', delta: 'two' },
      { type: 'text-delta', id: 'a', delta: '.' },
      { type: 'text-end', id: 'a' },
      { type: 'finish-step' },
    ])
  })

  test('that is discarded takes only its own words along, and its iteration begins in the same step', () => {
    const thought = said('t', 'reasoning', 'Hm.')
    const events = [queued, began, thought, text('a', 0, 'On'), { type: 'message-discarded', messageId: 'a' } as const]
    expect(told([...events, began, text('b', 0, 'Two')]).slice(6)).toEqual([
      { type: 'reset-step' },
      { type: 'reasoning-start', id: 't' },
      { type: 'reasoning-delta', id: 't', delta: 'Hm.' },
      { type: 'reasoning-end', id: 't' },
      { type: 'text-start', id: 'b' },
      { type: 'text-delta', id: 'b', delta: 'Two' },
    ])
  })

  test('that nobody has been told of is discarded without a word', () => {
    expect(told([queued, began, { type: 'message-discarded', messageId: 'a' }])).toEqual([{ type: 'start-step' }])
  })

  test('that is cut off ends with its run', () => {
    const cancelled: ChannelEvent = { type: 'dispatch-cancelled', reason: null, usage: noUsage }
    expect(told([queued, began, text('a', 0, 'On'), cancelled]).slice(3)).toEqual([
      { type: 'text-end', id: 'a' },
      { type: 'finish-step' },
      { type: 'finish', finishReason: 'interrupted', messageMetadata: { usage: noUsage } },
      '[DONE]',
    ])
  })
})

describe('a call', () => {
  const available = { type: 'tool-input-available', toolCallId: 'call_1', toolName: 'look', input: { at: 'sea' } }
  test.each([
    ['submit', available],
    ['caller', available],
    ['static', { ...available, providerExecuted: true }],
    ['channel', { ...available, providerExecuted: true }],
    ['ability', { ...available, dynamic: true, providerExecuted: true }],
  ] as const)('whose answer comes by %s', (answer, expected) => {
    expect(told([queued, began, requested(answer)])).toEqual([{ type: 'start-step' }, expected])
  })

  test('that the client is asked for ends the stream where nothing follows in the log', () => {
    const events = [queued, began, requested('submit'), ended, awaited('submit')]
    expect(told(events).slice(3)).toEqual([{ type: 'finish', finishReason: 'tool-calls' }, '[DONE]'])
    const answer: ChannelEvent = { type: 'function-call-completed', call: callOf('submit'), data: 'blue' }
    expect(told([...events, answer]).slice(3)).toEqual([
      { type: 'tool-output-available', toolCallId: 'call_1', output: 'blue' },
    ])
  })

  test('that waits for somebody else leaves the stream open', () => {
    expect(told([queued, began, requested('channel'), ended, awaited('channel')]).slice(3)).toEqual([])
  })

  test('that fails says why', () => {
    const error = { code: 'FAILED', message: 'Fog.' } as const
    const failed: ChannelEvent = { type: 'function-call-failed', call: callOf('ability'), error }
    expect(told([queued, failed])).toEqual([
      { type: 'tool-output-error', toolCallId: 'call_1', errorText: 'Fog.', providerExecuted: true },
    ])
  })

  test('that was left to the client is answered by the next dispatch of the same message', () => {
    const activity = { type: 'response', id: 'call_1', function: { name: 'look', result: 'blue' } }
    const answering: ChannelEvent = {
      type: 'dispatch-queued',
      messages: [{ id: 'r', type: 'activity', text: '', meta: { activity } }],
    }
    const before = [queued, began, requested('caller'), ended, completed('activity')]
    expect(told([answering, began, completed('stop')], before)).toEqual([
      { type: 'start-step' },
      available,
      { type: 'finish-step' },
      { type: 'tool-output-available', toolCallId: 'call_1', output: 'blue' },
      { type: 'start-step' },
      { type: 'finish-step' },
      { type: 'finish', finishReason: 'stop', messageMetadata: { usage: noUsage } },
      '[DONE]',
    ])
  })
})

test.each([
  [{ error: 'Fog.' }, { type: 'tool-output-error', toolCallId: 'call_1', errorText: 'Fog.' }],
  [{ error: 1 }, { type: 'tool-output-available', toolCallId: 'call_1', output: { error: 1 } }],
  [undefined, { type: 'tool-output-available', toolCallId: 'call_1', output: null }],
])('a dispatch that brings the result %j', (result, expected) => {
  const activity = { type: 'response', id: 'call_1', function: { name: 'look', result } }
  const messages = [{ id: 'r', type: 'activity', text: '', meta: { activity } } as const]
  const brought = { type: 'dispatch-queued', messages } as const
  expect(told([brought], [], true)).toEqual([expected])
  // To a page that lacks the call the answer would be an error.
  expect(told([brought])).toEqual([])
})

test('what the AI SDK has no word for is data of ours', () => {
  const attachment = { url: 'https://a.example/b.png', mediaType: 'image/png', bytes: 3, fileId: 'secret' }
  const reachedLimit = { kind: 'tokens', used: 9, allowed: 8 } as const
  expect(
    told([
      queued,
      { type: 'message-completed', message: { id: 'm', type: 'context', text: 'For the model', meta: { attachment } } },
      { type: 'attachment-failed', url: 'https://a.example/c', error: { code: 'FAILED', message: 'Gone.' } },
      { type: 'channel-message-published', payload: { n: 1 } },
      { type: 'dispatch-paused', reachedLimit, pausedUntil: 5, usage: noUsage },
      { type: 'limits-raised', limits: {}, stillReached: null },
      { type: 'messages-added', messages: [{ id: 's', type: 'user', text: 'Shorter.' }] },
      { type: 'transcript-taken', messages: [{ id: 'o', type: 'bot', text: 'Before.' }] },
    ]),
  ).toEqual([
    {
      type: 'data-attachment',
      id: 'm',
      data: { url: 'https://a.example/b.png', mediaType: 'image/png', bytes: 3 },
    },
    { type: 'data-attachment-failed', data: { url: 'https://a.example/c', code: 'FAILED', message: 'Gone.' } },
    { type: 'data-channel-message', data: { n: 1 } },
    { type: 'data-paused', id: 'paused', data: { reachedLimit, pausedUntil: 5 } },
    { type: 'data-paused', id: 'paused', data: null },
  ])
})

test.each([
  ['stop', 'stop'],
  ['length', 'length'],
  ['activity', 'tool-calls'],
  ['abort', 'interrupted'],
  ['tokens', 'other'],
] as const)('a run that stopped for %s has finished for %s', (reason, expected) => {
  expect(told([queued, completed(reason)])[0]).toMatchObject({ type: 'finish', finishReason: expected })
})

test('a run that failed is an error', () => {
  const failed: ChannelEvent = {
    type: 'dispatch-failed',
    error: { code: 'TIMEOUT', message: 'Too long.' },
    usage: noUsage,
  }
  expect(told([queued, failed])).toEqual([{ type: 'error', errorText: 'Too long.' }, '[DONE]'])
})

test('a kind of a later release says nothing', () => {
  expect(told([queued, { type: 'of-tomorrow' } as unknown as ChannelEvent])).toEqual([])
})

describe('counted chunks', () => {
  const words = 'The  wide\n\nsea: 海が見える 😀😀 and_a_long_unbroken_identifier_😀_here \t x'
  const counted = (pieces: readonly string[], from = 0) => {
    let position = 0
    const deltas = pieces.map((piece) => {
      const delta = text('a', position, piece)
      position += piece.length
      return delta
    })
    const fold = createCountedFold(createChunkFold({ messageId: 'answer', last }), from)
    const events = [queued, began, ...deltas, said('a', 'bot', words), ended]
    return events.flatMap((event, index) => fold.accept({ offset: index + 1, tag: '', at: 0, event }, last).frames)
  }

  test('are the same wherever deltas were cut or joined, and lose none of the text', () => {
    const whole = counted([words])
    const deltas = whole.filter((frame): frame is Chunk => typeof frame !== 'string' && frame.type === 'text-delta')
    expect(deltas.map(({ delta }) => delta).join('')).toBe(words)
    expect(deltas.slice(0, 4).map(({ delta }) => delta)).toEqual(['The  ', 'wide\n\n', 'sea: ', '海が見える '])
    for (let cut = 0; cut <= words.length; cut++) {
      expect(counted([words.slice(0, cut), words.slice(cut)])).toEqual(whole)
    }
    expect(counted([...words].flatMap((letter) => letter.split('')))).toEqual(whole)
  })

  test('are told from any of them on', () => {
    const whole = counted([words])
    for (const from of whole.keys()) expect(counted(words.split(/(?= )/), from)).toEqual(whole.slice(from))
  })
})
