import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { isInterfaceType, parse, visit } from 'graphql'
import { describe, expect, test } from 'vitest'
import {
  applyEvent,
  type Call,
  type ChannelEvent,
  type Conversation,
  conversationOf,
  emptyConversation,
  type Message,
} from '../../examples/stock/reducer.ts'
import { schema } from '../../src/api/graphql/schema.ts'

const apply = (events: readonly ChannelEvent[], from = emptyConversation) => events.reduce(applyEvent, from)

const text = (position: number, said: string, messageId = 'm'): ChannelEvent => ({
  __typename: 'TextDelta',
  cursor: `${messageId}-${position}-${said.length}`,
  messageId,
  position,
  text: said,
})
const whole = (id: string, said: string, type: Message['type'] = 'BOT'): Message => ({
  id,
  type,
  text: said,
  meta: null,
  isComplete: true,
})
const queued = (...messages: Message[]): ChannelEvent => ({ __typename: 'DispatchQueued', cursor: 'queued', messages })
const completed = (message: Message): ChannelEvent => ({
  __typename: 'MessageCompleted',
  cursor: `${message.id}-completed`,
  message,
})
const discarded = (messageId: string): ChannelEvent => ({
  __typename: 'MessageDiscarded',
  cursor: `${messageId}-discarded`,
  messageId,
})
const call = (id: string): Call => ({
  id,
  name: 'get_weather',
  arguments: { city: 'Sofia' },
  answer: 'SUBMIT',
  deadline: '2027-01-01T00:00:00.000Z',
})
const awaited = (id: string): ChannelEvent => ({
  __typename: 'FunctionResultAwaited',
  cursor: `${id}-awaited`,
  call: call(id),
  resultChannelId: null,
})
const answered = (id: string): ChannelEvent => ({
  __typename: 'FunctionCallCompleted',
  cursor: `${id}-answered`,
  call: call(id),
  data: null,
})
const timedOut = (id: string): ChannelEvent => ({
  __typename: 'FunctionCallFailed',
  cursor: `${id}-failed`,
  call: call(id),
  error: { code: 'TIMEOUT', message: 'No answer came in time.' },
})
const started: ChannelEvent = { __typename: 'DispatchStarted', cursor: 'started', attempt: 1, model: 'demo' }
const ended: ChannelEvent = {
  __typename: 'DispatchCompleted',
  cursor: 'ended',
  result: { text: '', finishReason: 'STOP' },
  usage: { totalTokens: 0 },
}
const failed: ChannelEvent = {
  __typename: 'DispatchFailed',
  cursor: 'ended',
  error: { code: 'INTERNAL', message: 'Sorry.' },
  usage: { totalTokens: 0 },
}

describe('what a conversation shows', () => {
  const growing = { id: 'm', type: 'BOT', meta: null, isComplete: false } as const
  const table: readonly [promise: string, events: ChannelEvent[], messages: Message[]][] = [
    ['begins with the messages of the dispatch', [queued(whole('u', 'Hi', 'USER'))], [whole('u', 'Hi', 'USER')]],
    ['grows by a delta', [text(0, 'Hel'), text(3, 'lo')], [{ ...growing, text: 'Hello' }]],
    [
      'takes a delta that comes again once',
      [text(0, 'Hel'), text(3, 'lo'), text(3, 'lo')],
      [{ ...growing, text: 'Hello' }],
    ],
    ['does not shrink in a replay', [text(0, 'Hel'), text(3, 'lo'), text(0, 'Hel')], [{ ...growing, text: 'Hello' }]],
    ['takes the new part of a joined delta', [text(0, 'Hel'), text(0, 'Hello')], [{ ...growing, text: 'Hello' }]],
    ['goes on inside of what it has', [text(0, 'Hello'), text(3, 'lo you')], [{ ...growing, text: 'Hello you' }]],
    ['shows no text with a hole', [text(0, 'Hel'), text(4, 'o')], [{ ...growing, text: 'Hel' }]],
    ['shows nothing of a message that it met in the middle', [text(4, 'o')], []],
    [
      'has that message whole once it is completed',
      [text(4, 'o'), completed(whole('m', 'Hello'))],
      [whole('m', 'Hello')],
    ],
    [
      'takes the completed message for what was said',
      [text(0, 'Hel'), completed(whole('m', 'Hello'))],
      [whole('m', 'Hello')],
    ],
    ['leaves a completed message alone', [completed(whole('m', 'Hello')), text(0, 'Hel')], [whole('m', 'Hello')]],
    ['takes back a discarded message', [text(0, 'Hel'), discarded('m')], []],
    ['does not bring a discarded message up again', [text(0, 'Hel'), discarded('m'), text(0, 'Hel')], []],
    [
      'keeps messages apart and in order',
      [text(0, 'A', 'a'), text(0, 'B', 'b'), text(1, 'a', 'a')],
      [
        { ...growing, id: 'a', text: 'Aa' },
        { ...growing, id: 'b', text: 'B' },
      ],
    ],
    [
      'tells reasoning from text',
      [{ ...text(0, 'Hm'), __typename: 'ReasoningDelta' } as ChannelEvent],
      [{ ...growing, type: 'REASONING', text: 'Hm' }],
    ],
  ]
  test.each(table)('%s', (_promise, events, messages) => {
    expect(apply(events).messages).toEqual(messages)
  })

  test('continues from a snapshot taken in mid-message', () => {
    const snapshot = conversationOf({
      status: 'RUNNING',
      messages: [{ ...growing, text: 'Hel' }],
      pendingCalls: [],
    })
    expect(apply([text(2, 'llo')], snapshot).messages).toEqual([{ ...growing, text: 'Hello' }])
  })

  const calls: readonly [promise: string, events: ChannelEvent[], pending: Call[]][] = [
    ['lists a call once its answer is awaited', [started, awaited('a')], [call('a')]],
    ['lists several in their order', [awaited('a'), awaited('b')], [call('a'), call('b')]],
    ['drops the call that is answered', [awaited('a'), awaited('b'), answered('a')], [call('b')]],
    ['drops the call whose deadline has passed', [awaited('a'), timedOut('a')], []],
    ['lists a call once, however often it comes', [awaited('a'), awaited('a')], [call('a')]],
    ['does not bring an answered call up again', [awaited('a'), answered('a'), awaited('a')], []],
    ['does not list calls that wait for no one', [answered('static')], []],
    ['waits for nothing any more once the run has ended', [awaited('a'), ended, awaited('a')], []],
  ]
  test.each(calls)('%s', (_promise, events, pending) => {
    expect(apply(events).pendingCalls).toEqual(pending)
  })

  test('continues from a snapshot of a waiting run', () => {
    const snapshot = conversationOf({ status: 'WAITING', messages: [], pendingCalls: [call('a'), call('b')] })
    const later = apply([answered('b'), answered('a'), { ...started, cursor: 'again', attempt: 2 }], snapshot)
    expect(later).toMatchObject({ status: 'RUNNING', pendingCalls: [] })
  })

  test('shows the status of the run, and an ended run keeps its status', () => {
    expect(emptyConversation.status).toBe('QUEUED')
    expect(apply([started]).status).toBe('RUNNING')
    expect(apply([started, ended, started]).status).toBe('COMPLETED')
    expect(apply([started, failed, started]).status).toBe('FAILED')
  })

  test('ignores kinds of event that it does not know', () => {
    const unknown = { __typename: 'SomethingNew', cursor: 'c' } as unknown as ChannelEvent
    const before = apply([started, text(0, 'Hello')])
    expect(applyEvent(before, unknown)).toBe(before)
  })
})

describe('over any log', () => {
  test('shows every message that was not discarded, completely', () => {
    fc.assert(
      fc.property(anyLog, ({ events, messages }) => {
        expect(apply(events)).toMatchObject({ status: 'COMPLETED', messages, pendingCalls: [] })
      }),
    )
  })

  test('a repeated event changes nothing, whenever it arrives', () => {
    fc.assert(
      fc.property(anyLog, fc.infiniteStream(fc.nat()), ({ events }, numbers) => {
        let conversation = emptyConversation
        for (const [index, event] of events.entries()) {
          conversation = applyEvent(conversation, event)
          for (const number of numbers.take(3)) {
            const earlier = events[number % (index + 1)] ?? event
            expect(applyEvent(conversation, earlier)).toBe(conversation)
          }
        }
      }),
    )
  })

  test('any number of replays, cut anywhere and joined differently, gives the same result', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.tuple(fc.nat(), fc.array(fc.boolean()))), ({ events }, replays) => {
        const plain = apply(events)
        let conversation: Conversation = emptyConversation
        for (const [stop, joins] of replays) {
          conversation = apply(joinDeltas(events.slice(0, stop % (events.length + 1)), joins), conversation)
        }
        expect(apply(events, conversation)).toEqual(plain)
        expect(apply(events, plain)).toBe(plain)
      }),
    )
  })

  test('joined deltas give the same result as single ones', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.boolean(), { minLength: 1 }), ({ events }, joins) => {
        expect(apply(joinDeltas(events, joins))).toEqual(apply(events))
      }),
    )
  })
})

test('one selection holds every event that the schema has and that has fields of its own', () => {
  const selected = new Set<string>()
  visit(parse(readFileSync('examples/operations.graphql', 'utf8')), {
    InlineFragment: ({ typeCondition }) => void selected.add(typeCondition?.name.value ?? ''),
  })
  const channelEvent = schema.getType('ChannelEvent')
  if (!isInterfaceType(channelEvent)) throw new Error('Events have an interface.')
  const ofAll = Object.keys(channelEvent.getFields()).length
  const own = schema.getPossibleTypes(channelEvent).filter((type) => Object.keys(type.getFields()).length > ofAll)
  const events = own.map(({ name }) => name)
  expect([...selected].toSorted()).toEqual(events.toSorted())
})

/** A log of some messages, each said in pieces and then completed or taken back, with calls in between, and what is to be seen of it. */
const anyLog = fc
  .array(
    fc.record({
      type: fc.constantFrom('BOT' as const, 'REASONING' as const),
      pieces: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }), { maxLength: 6 }),
      isDiscarded: fc.boolean(),
      calls: fc.array(fc.constantFrom('answered', 'timed out', 'open'), { maxLength: 3 }),
    }),
    { maxLength: 5 },
  )
  .map((said) => {
    const events: ChannelEvent[] = [queued(whole('u', 'Hi', 'USER')), started]
    const messages: Message[] = [whole('u', 'Hi', 'USER')]
    for (const [index, { type, pieces, isDiscarded, calls }] of said.entries()) {
      const id = `m${index}`
      let position = 0
      for (const piece of pieces) {
        const __typename = type === 'BOT' ? 'TextDelta' : 'ReasoningDelta'
        events.push({ ...text(position, piece, id), __typename } as ChannelEvent)
        position += piece.length
      }
      const message = whole(id, pieces.join(''), type)
      events.push(isDiscarded ? discarded(id) : completed(message))
      if (!isDiscarded) messages.push(message)
      events.push(...calls.map((_, number) => awaited(`c${index}.${number}`)))
      for (const [number, fate] of calls.entries()) {
        if (fate === 'answered') events.push(answered(`c${index}.${number}`))
        if (fate === 'timed out') events.push(timedOut(`c${index}.${number}`))
      }
    }
    return { events: [...events, ended], messages }
  })

/** Joins adjacent deltas where `joins` says so, going round in it. */
function joinDeltas(events: readonly ChannelEvent[], joins: readonly boolean[]): ChannelEvent[] {
  const joined: ChannelEvent[] = []
  for (const [index, event] of events.entries()) {
    const last = joined.at(-1)
    const isSame = last !== undefined && 'position' in last && 'position' in event && last.messageId === event.messageId
    if (isSame && joins[index % joins.length])
      joined[joined.length - 1] = { ...event, position: last.position, text: last.text + event.text }
    else joined.push(event)
  }
  return joined
}
