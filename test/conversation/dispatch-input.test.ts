import { describe, expect, test } from 'vitest'
import { inputBounds, parseDispatchInput } from '../../src/conversation/input/dispatch-input.ts'
import { jsonValue } from '../../src/conversation/input/function-input.ts'
import { Failure } from '../../src/kernel/errors.ts'

const user = { type: 'user', text: 'Hello' }

function issues(input: unknown): readonly (readonly [string, string])[] {
  try {
    parseDispatchInput(input, ['input'])
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    expect(error.code).toBe('BAD_USER_INPUT')
    return error.issues.map(({ path, message }) => [path.join('.'), message])
  }
  return []
}

function nested(levels: number): object {
  return levels === 0 ? {} : { inner: [nested(levels - 2)] }
}

test('absent means null, so a retry with explicit null is the same dispatch', () => {
  const absent = {
    messages: [{ ...user, id: null, meta: null }],
    continues: null,
    continuesUpTo: null,
    conversationId: null,
    whenBusy: null,
    channelId: null,
    model: null,
    backstory: null,
    botId: null,
    datasetId: null,
    skillsetId: null,
    contactId: null,
    contact: null,
    extensions: { backstory: null, datasets: [], skillsets: [], features: [] },
    attachments: [],
    timezone: null,
    functions: [],
    limits: { iterations: null, continuations: null, calls: null, tokens: null, cost: null, whenReached: null },
    notBefore: null,
    timeoutSeconds: null,
    priority: 0,
    meta: null,
    webhookId: null,
    answerFormat: null,
    echo: null,
  }
  expect(parseDispatchInput({ messages: [user] }, [])).toEqual(absent)
  expect(parseDispatchInput(absent, [])).toEqual(absent)
  expect(
    parseDispatchInput({ ...absent, limits: null, functions: null, extensions: null, attachments: null }, []),
  ).toEqual(absent)
})

describe('bounds are inclusive', () => {
  test.for<[string, object]>([
    ['1000 messages', { messages: Array(1000).fill(user) }],
    ['a text of a million characters', { messages: [{ type: 'user', text: 'x'.repeat(1_000_000) }] }],
    ['an id of one character', { messages: [{ ...user, id: 'x' }] }],
    ['an id of 128', { messages: [{ ...user, id: 'x'.repeat(128) }] }],
    ['a channelId of 16', { messages: [user], channelId: 'aZ0_-aZ0_-aZ0_-a' }],
    ['a channelId of 128', { messages: [user], channelId: 'x'.repeat(128) }],
    ['a model name of 500', { messages: [user], model: 'x'.repeat(500) }],
    ['one iteration and no continuation', { messages: [user], limits: { iterations: 1, continuations: 0 } }],
    ['1000 of each', { messages: [user], limits: { iterations: 1000, continuations: 1000 } }],
    ['two weeks', { messages: [user], timeoutSeconds: 1_209_600 }],
    ['a meta of 100 levels', { messages: [{ ...user, meta: nested(99 - 1) }] }],
    ['no message, when it continues another', { messages: [], continues: 'x'.repeat(16) }],
  ])('%s', ([, input]) => {
    expect(issues(input)).toEqual([])
  })

  test.for<[string, object, string, string]>([
    ['1001 messages', { messages: Array(1001).fill(user) }, 'input.messages', 'takes at most 1000 messages'],
    [
      'a text of one more than a million',
      { messages: [user, { type: 'bot', text: 'x'.repeat(1_000_001) }] },
      'input.messages.1.text',
      'takes at most 1000000 characters',
    ],
    ['an empty id', { messages: [{ ...user, id: '' }] }, 'input.messages.0.id', 'takes 1 to 128 characters'],
    [
      'an id of 129',
      { messages: [{ ...user, id: 'x'.repeat(129) }] },
      'input.messages.0.id',
      'takes 1 to 128 characters',
    ],
    [
      'a channelId of 15',
      { messages: [user], channelId: 'x'.repeat(15) },
      'input.channelId',
      'takes 16 to 128 of A-Z a-z 0-9 _ -',
    ],
    [
      'a newline after a channelId',
      { messages: [user], channelId: `${'x'.repeat(16)}\n` },
      'input.channelId',
      'takes 16 to 128 of A-Z a-z 0-9 _ -',
    ],
    ['an empty model', { messages: [user], model: '' }, 'input.model', 'takes 1 to 500 characters'],
    ['a model of 501', { messages: [user], model: 'x'.repeat(501) }, 'input.model', 'takes 1 to 500 characters'],
    [
      'no iteration',
      { messages: [user], limits: { iterations: 0 } },
      'input.limits.iterations',
      'takes a whole number from 1 to 1000',
    ],
    [
      '-1 continuations',
      { messages: [user], limits: { continuations: -1 } },
      'input.limits.continuations',
      'takes a whole number from 0 to 1000',
    ],
    [
      'no time',
      { messages: [user], timeoutSeconds: 0 },
      'input.timeoutSeconds',
      'takes a whole number from 1 to 1209600',
    ],
    [
      'a meta of 101 levels',
      { messages: [{ ...user, meta: nested(100) }] },
      'input.messages.0.meta',
      'takes at most 100 levels',
    ],
  ])('not %s', ([, input, path, message]) => {
    expect(issues(input)).toEqual([[path, message]])
  })
})

test('a meta too deep for recursion is refused, not overflowed', () => {
  const meta = JSON.parse(`${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`)
  expect(issues({ messages: [{ ...user, meta }] })).toEqual([['input.messages.0.meta', 'takes at most 100 levels']])
})

test('a dispatch without messages is refused, with advice', () => {
  expect(issues({ messages: [] })).toEqual([
    [
      'input.messages',
      'takes at least one message, unless `continues` names a dispatch to go on from, or `continuesUpTo` a message of the conversation',
    ],
  ])
})

test.each([
  [{ conversationId: 'too-short' }, 'input.conversationId'],
  [{ conversationId: 'a-conversation-4711', continues: 'a-channel-of-another' }, 'input.continues'],
  [{ whenBusy: 'enqueue' }, 'input.whenBusy'],
  [{ continuesUpTo: 'm1' }, 'input.continuesUpTo'],
])('of a conversation, %o is refused', (input, path) => {
  expect(issues({ messages: [user], ...input }).map(([named]) => named)).toEqual([path])
})

test('every message with a duplicate id is named', () => {
  const messages = ['a', 'b', 'a', null, null, 'b', 'a'].map((id) => ({ ...user, id }))
  expect(issues({ messages }).map(([path]) => path)).toEqual([
    'input.messages.2.id',
    'input.messages.5.id',
    'input.messages.6.id',
  ])
})

test.for<[string, unknown]>([
  ['absent', undefined],
  ['null', null],
  ['of another type', { activity: { type: 'question', function: { name: 'f' } } }],
  ['without a function', { activity: { type: 'request' } }],
  ['without a name', { activity: { type: 'response', function: { name: '' } } }],
])('an activity is refused when what it is about is %s', ([, meta]) => {
  expect(issues({ messages: [{ type: 'activity', text: '', meta }] }).map(([path]) => path)).toEqual([
    'input.messages.0.meta.activity',
  ])
})

test('an activity keeps all fields of its function', () => {
  const meta = {
    activity: { type: 'response', function: { name: 'f', arguments: [1], result: null }, more: true },
    other: 1,
  }
  const { messages } = parseDispatchInput({ messages: [{ type: 'activity', text: '', meta }] }, [])
  expect(messages[0]?.meta).toEqual(meta)
})

test('all mistakes are named at once', () => {
  const input = {
    messages: [{ type: 'user', text: 'x'.repeat(inputBounds.text + 1) }],
    channelId: 'x',
    timeoutSeconds: 0,
  }
  expect(issues(input).map(([path]) => path)).toEqual([
    'input.messages.0.text',
    'input.channelId',
    'input.timeoutSeconds',
  ])
})

describe('JSON that is nested deeper than anything could write again is a bad input like any other', () => {
  const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}{}${'}'.repeat(levels)}`) as unknown
  const act = { name: 'act', description: 'Acts.', parameters: { type: 'object' } }

  test.each([5000, 200_000])('%i levels', (levels) => {
    const json = deep(levels)
    expect(issues({ messages: [{ ...user, meta: json }], functions: [{ ...act, parameters: json }] })).toEqual([
      ['input.messages.0.meta', 'takes at most 100 levels'],
      ['input.functions.0.parameters', 'takes at most 100 levels'],
    ])
    expect(issues({ messages: [user], functions: [{ ...act, result: { data: json } }] })).toEqual([
      ['input.functions.0.result.data', 'takes at most 100 levels'],
    ])
    // What is submitted and published, over each API.
    expect(jsonValue.safeParse(json).error?.issues.map(({ message }) => message)).toEqual(['takes at most 100 levels'])
  })
})
