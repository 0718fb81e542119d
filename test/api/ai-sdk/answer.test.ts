import { expect, test } from 'vitest'
import { newestAnswer } from '../../../src/api/ai-sdk/answer.ts'
import { cursorExpired } from '../../../src/channel/position.ts'
import type { Message } from '../../../src/conversation/message.ts'
import type { ChannelKey, ConversationKey } from '../../../src/kernel/ids.ts'

const of = { account: 'a', conversation: 'conversation-0123' } as ConversationKey

interface Kept {
  readonly channel: string
  /** `question`, `results` of calls, or null: its log has gone. */
  readonly says: 'question' | 'results' | null
  readonly ends?: 'activity' | 'stop'
}

const messages: Record<'question' | 'results', readonly Message[]> = {
  question: [{ id: 'q', type: 'user', text: 'Hi' }],
  results: [
    { id: 'r', type: 'activity', text: '', meta: { activity: { type: 'response', id: 'c', function: { name: 'f' } } } },
  ],
}

/** The channels of the newest answer, in a conversation of these dispatches, the newest first. */
async function answerIn(dispatches: readonly (Kept | null)[]) {
  const asked: number[] = []
  const nameOf = (each: Kept | null, index: number) => each?.channel ?? `nothing-${index}`
  const reads = {
    members: {
      page: async (_of: unknown, before: { channel: string } | null, limit: number) => {
        asked.push(limit)
        const from = before === null ? 0 : dispatches.findIndex((each, at) => nameOf(each, at) === before.channel) + 1
        return dispatches
          .slice(from, from + limit)
          .map((each, at) => ({ channel: nameOf(each, from + at), createdAt: 0 }))
      },
    },
    runs: {
      find: async (keys: readonly ChannelKey[]) =>
        keys.map(({ channel }) => {
          const found = dispatches.find((each) => each?.channel === channel)
          if (found == null) return null
          const { ends } = found
          const result = ends === undefined ? null : { text: '', finishReason: ends }
          return { key: { account: 'a', channel }, status: ends === undefined ? 'running' : 'completed', result }
        }),
    },
    log: {
      read: async ({ channel }: ChannelKey) => {
        const says = dispatches.find((each) => each?.channel === channel)?.says ?? null
        if (says === null) throw cursorExpired('removed')
        return { entries: [{ event: { type: 'dispatch-queued', messages: messages[says] } }] }
      },
    },
  }
  const answer = await newestAnswer(reads as never, of)
  return answer === null ? null : [answer.messageId, ...answer.runs.map(({ key }) => key.channel)]
}

test.each<readonly [string, readonly (Kept | null)[], readonly string[] | null]>([
  ['nothing was said', [], null],
  [
    'a question has one dispatch',
    [
      { channel: 'a', says: 'question' },
      { channel: 'b', says: 'question', ends: 'activity' },
    ],
    ['answer_a', 'a'],
  ],
  ['the newest place has no dispatch yet', [null, { channel: 'a', says: 'question' }], ['answer_a', 'a']],
  [
    'results go on with it, also of those before',
    [
      { channel: 'c', says: 'results' },
      { channel: 'b', says: 'results', ends: 'activity' },
      { channel: 'a', says: 'question', ends: 'activity' },
      { channel: 'z', says: 'question', ends: 'stop' },
    ],
    ['answer_a', 'a', 'b', 'c'],
  ],
  [
    'one between them ended otherwise',
    [
      { channel: 'b', says: 'results' },
      { channel: 'x', says: 'question', ends: 'stop' },
      { channel: 'a', says: 'question', ends: 'activity' },
    ],
    ['answer_a', 'a', 'b'],
  ],
  [
    'the log of its beginning has gone',
    [
      { channel: 'b', says: 'results' },
      { channel: 'a', says: null, ends: 'activity' },
    ],
    ['answer_a', 'b'],
  ],
  ['all of it has gone', [{ channel: 'a', says: null, ends: 'stop' }], null],
  [
    'it has many parts',
    [
      ...Array.from({ length: 20 }, (_, n): Kept => ({ channel: `r${n}`, says: 'results', ends: 'activity' })),
      { channel: 'a', says: 'question', ends: 'activity' },
    ],
    ['answer_a', 'a', ...Array.from({ length: 20 }, (_, n) => `r${19 - n}`)],
  ],
])('the newest answer, where %s', async (_name, dispatches, expected) => {
  expect(await answerIn(dispatches)).toEqual(expected)
})
