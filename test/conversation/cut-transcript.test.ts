import { expect, test } from 'vitest'
import { cutTranscript } from '../../src/conversation/cut-transcript.ts'
import type { EarlierTurn, ProviderPart } from '../../src/conversation/event.ts'
import type { Message } from '../../src/conversation/message.ts'

const message = (id: string, type: Message['type'] = 'user'): Message => ({ id, type, text: id })
const activity = (id: string, type: 'request' | 'response'): Message => ({
  id: `${type}-${id}`,
  type: 'activity',
  text: '',
  meta: { activity: { type, id, function: { name: 'f' } } },
})
const turn = (...parts: ProviderPart[]): EarlierTurn => ({ provider: 'demo', parts, providerCallIds: {} })
const text = (messageId: string) => ({ type: 'text', messageId, metadata: null }) as const

test('a turn goes back as it came only if all of it is kept: its messages, and its calls with their answers', () => {
  const called = turn(text('a1'), { type: 'call', callId: 'c1', metadata: null })
  const answered = turn(text('a2'))
  const transcript = {
    messages: [
      message('u1'),
      message('a1', 'bot'),
      activity('c1', 'request'),
      activity('c1', 'response'),
      message('a2', 'bot'),
    ],
    turns: [called, answered],
  }
  const at = (upTo: string) => {
    const kept = cutTranscript(transcript, upTo)
    return kept === null ? null : [kept.messages.length, kept.turns]
  }
  expect(at('u1')).toEqual([1, []])
  expect(at('a1')).toEqual([2, []])
  expect(at('request-c1')).toEqual([3, []])
  expect(at('response-c1')).toEqual([4, [called]])
  expect(at('a2')).toEqual([5, [called, answered]])
  expect(at('nobody')).toBeNull()
})
