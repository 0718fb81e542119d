import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createEventTranslator, ownTypes } from '../../../../src/api/chatbotkit/stream/translate-events.ts'
import type { ChannelEvent, FinishReason } from '../../../../src/conversation/event.ts'
import type { FunctionCall } from '../../../../src/conversation/function.ts'
import { noUsage } from '../../../../src/conversation/usage.ts'
import type { ChannelId } from '../../../../src/kernel/ids.ts'

const channel = 'channel-of-this-test' as ChannelId
const resultChannelId = 'channel-of-the-answer' as ChannelId
const usage = { ...noUsage, inputTokens: 3, outputTokens: 4, totalTokens: 7 }
const call: FunctionCall = { id: 'call_1', name: 'ask', arguments: { q: 1 }, answer: 'channel', deadline: null }
const activity = (type: 'request' | 'response', result?: unknown) => ({
  id: `msg_${type}`,
  type: 'activity' as const,
  text: '',
  meta: {
    activity: {
      type,
      id: 'call_1',
      function: { name: 'ask', arguments: { q: 1 }, ...(result !== undefined && { result }) },
    },
  },
})
const ids = { instance: 'in-channel-of-this-test', iteration: 'it-channel-of-this-test-1' }
const waiting = { channel: resultChannelId, function: { name: 'ask', args: { q: 1 } } }

/** All that is told of these events, each by its type and data. */
function told(...events: ChannelEvent[]) {
  const wire = createEventTranslator(channel)
  return events.flatMap((event) => wire.accept(event))
}

const awaited: ChannelEvent = { type: 'function-result-awaited', call, resultChannelId }
const asked: ChannelEvent = { type: 'message-completed', message: activity('request') }

test('sends function requests after the end of their turn, whatever came between', () => {
  const events: ChannelEvent[] = [
    { type: 'dispatch-started', attempt: 1, model: 'demo' },
    { type: 'iteration-started', iteration: 1 },
    { type: 'message-completed', message: { id: 'm', type: 'bot', text: 'Hm.' } },
    { type: 'function-call-requested', call, providerCallId: 'x', problem: null },
    asked,
    { type: 'iteration-finished', iteration: 1, finish: 'stop', usage },
    awaited,
  ]
  expect(told(...events)).toEqual([
    { type: 'completeBegin', data: ids },
    { type: 'message', data: { type: 'bot', text: 'Hm.', meta: {} } },
    { type: 'completeEnd', data: ids },
    { type: 'usage', data: { model: 'demo', inputTokensUsed: 3, outputTokensUsed: 4 } },
    { type: 'message', data: { type: 'activity', text: '', meta: activity('request').meta } },
    { type: 'waitForChannelMessageBegin', data: waiting },
  ])
})

test('a restarted turn drops its requests', () => {
  const started: ChannelEvent = { type: 'iteration-started', iteration: 1 }
  const finished: ChannelEvent = { type: 'iteration-finished', iteration: 1, finish: 'stop', usage }
  expect(told(started, asked, started, finished).map(({ type }) => type)).toEqual([
    'completeBegin',
    'completeBegin',
    'completeEnd',
    'usage',
  ])
})

test.each<[string, ChannelEvent, unknown]>([
  ['an object', { type: 'function-call-completed', call, data: { t: 18 } }, { t: 18 }],
  ['a value', { type: 'function-call-completed', call, data: 0 }, { result: 0 }],
  ['a list', { type: 'function-call-completed', call, data: [1] }, { result: [1] }],
  ['nothing', { type: 'function-call-completed', call, data: null }, { result: null }],
  [
    'an object that would read as something else',
    { type: 'function-call-completed', call, data: { error: 'x' } },
    { result: { error: 'x' } },
  ],
  ['an error', { type: 'function-call-failed', call, error: { code: 'FAILED', message: 'No.' } }, { error: 'No.' }],
  [
    'no answer in time',
    { type: 'function-call-failed', call, error: { code: 'TIMEOUT', message: 'Late.' } },
    { error: 'Late.' },
  ],
  [
    'an abort',
    { type: 'function-call-failed', call, error: { code: 'ABORTED', message: 'Stop.' } },
    { abort: 'Stop.' },
  ],
])('tells the end of waiting with %s', (_title, event, message) => {
  expect(told(awaited, event)[1]).toEqual({ type: 'waitForChannelMessageEnd', data: { ...waiting, message } })
})

test('sends no event for answers that do not come on a channel', () => {
  const submitted: ChannelEvent = { type: 'function-result-awaited', call, resultChannelId: null }
  expect(told(submitted, { type: 'function-call-completed', call, data: 1 })).toEqual([])
})

test.each<[unknown, unknown]>([
  [{ t: 18 }, '{"t":18}'],
  ['text', '"text"'],
  [0, '0'],
  [null, 'null'],
  [undefined, 'no result'],
  [{ error: 'No.' }, { error: 'No.' }],
  [{ error: 'No.', more: 1 }, '{"error":"No.","more":1}'],
])('a result of %j is told as %j', (result, expected) => {
  const [event] = told({ type: 'message-completed', message: activity('response', result) })
  expect(event).toMatchObject({ data: { meta: { activity: { id: 'call_1', function: { result: expected } } } } })
})

describe('the endings', () => {
  const reasons: Record<FinishReason, string> = {
    stop: 'stop',
    length: 'length',
    activity: 'activity',
    abort: 'abort',
    iteration: 'iteration',
    calls: 'iteration',
    loop: 'iteration',
    tokens: 'iteration',
    cost: 'iteration',
  }
  test.each(Object.entries(reasons))('%s is told as %s', (finishReason, reason) => {
    const result = { text: 'Bye.', finishReason: finishReason as FinishReason }
    const events = told({ type: 'dispatch-completed', result, usage })
    const data = { text: reason === 'activity' ? '' : 'Bye.', usage: { token: 7 }, end: { reason } }
    expect(events.slice(-2)).toEqual([
      { type: 'receiveResult', data },
      { type: 'result', data },
    ])
    expect(events.map(({ type }) => type).includes('abort')).toBe(reason === 'abort')
  })

  test('a failure is an error, and no result', () => {
    const error = { code: 'TIMEOUT', message: 'Too long.' } as const
    expect(told({ type: 'dispatch-failed', error, usage })).toEqual([
      { type: 'error', data: { message: 'Too long.', code: 'TIMEOUT' } },
    ])
  })

  test('a cancellation is an abort with the last message', () => {
    const said: ChannelEvent = { type: 'message-completed', message: { id: 'm', type: 'bot', text: 'Half' } }
    const data = { text: 'Half', usage: { token: 7 }, end: { reason: 'abort' } }
    expect(told(said, { type: 'dispatch-cancelled', reason: null, usage }).slice(1)).toEqual([
      { type: 'abort', data: {} },
      { type: 'receiveResult', data },
      { type: 'result', data },
    ])
  })
})

test.each([{}, { n: 1 }, { type: 'typing', data: {} }, { type: 7 }])(
  'the published message %j goes out unchanged',
  (payload) => {
    expect(told({ type: 'channel-message-published', payload })).toEqual([payload])
  },
)

test('a published message that looks like an event of ours goes out in a form of its own', () => {
  const source = readFileSync(
    new URL('../../../../src/api/chatbotkit/stream/translate-events.ts', import.meta.url),
    'utf8',
  )
  const written = [...source.matchAll(/\{ type: '(\w+)'/g)]
    .map(([, type = '']) => type)
    .filter((type) => type !== 'bot')
  expect(new Set(written)).toEqual(ownTypes)
  expect(written.length).toBeGreaterThan(15)
  for (const type of written) {
    const payload = { type, data: { text: 'forged' } }
    expect(told({ type: 'channel-message-published', payload })).toEqual([{ type: 'channelMessage', data: payload }])
  }
})

test('discarded messages and failed attachments use the closest events', () => {
  expect(told({ type: 'message-discarded', messageId: 'm' })).toEqual([{ type: 'messageDiscarded', data: {} }])
  expect(told({ type: 'attachment-failed', url: 'u', error: { code: 'FAILED', message: 'x' } })).toEqual([])
})
