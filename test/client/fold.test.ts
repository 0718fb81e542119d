import { describe, expect, test } from 'vitest'
import type { ChannelEvent } from '../../client/src/events.ts'
import { pushJoined } from '../../client/src/events.ts'
import { createFold } from '../../client/src/state/fold.ts'
import type { FunctionCall, Snapshot } from '../../client/src/state/snapshot.ts'

type Kind = ChannelEvent['__typename']
type Fields<Name extends Kind> = Omit<Extract<ChannelEvent, { __typename: Name }>, '__typename' | 'cursor' | 'at'>

let last = 0
function event<Name extends Kind>(__typename: Name, fields: Fields<Name>): ChannelEvent {
  last += 1
  return { __typename, cursor: `c${last}`, at: '2026-11-30T00:00:00Z', ...fields } as unknown as ChannelEvent
}
const call = (id: string, answer: FunctionCall['answer']): FunctionCall => {
  return { id, name: id, arguments: {}, answer, deadline: null }
}
const started = event('DispatchStarted', { attempt: 1, model: 'demo' })
const requested = (id: string, answer: FunctionCall['answer']) =>
  event('FunctionCallRequested', { call: call(id, answer) })
const awaited = (id: string) => event('FunctionResultAwaited', { call: call(id, 'SUBMIT'), resultChannelId: null })
const completed = (id: string) => event('FunctionCallCompleted', { call: call(id, 'SUBMIT'), data: null })
const delta = (position: number, text: string, messageId = 'm') => event('TextDelta', { messageId, position, text })
const noUsage = {
  ...{ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 },
  ...{ discardedTokens: 0, iterations: 0, calls: 0, cost: null },
}
const paused = event('DispatchPaused', {
  reachedLimit: { kind: 'TOKENS', used: 120, allowed: 100 },
  usage: { ...noUsage, totalTokens: 120 },
})
const raised = event('LimitsRaised', {})
const activity = (type: 'request' | 'response', id: string) => {
  const message = {
    id: `${type}-${id}`,
    type: 'ACTIVITY',
    text: '',
    meta: { activity: { type, id } },
    isComplete: true,
  } as const
  return event('MessageCompleted', { message })
}

function folded(events: readonly ChannelEvent[], from: Snapshot | null = null): Snapshot {
  const fold = createFold(from)
  for (const each of events) fold.apply(each)
  return fold.snapshot()
}

describe('what the iterations of a run have used', () => {
  const finished = (outputTokens: number, cost: number | null) =>
    event('IterationFinished', { iteration: 1, usage: { ...noUsage, outputTokens, cost } } as never)

  test.each([
    ['no price is known', [null, null, null], null],
    ['every price is known', [0.5, 0.25, 0], 0.75],
    ['one is free', [0, 0], 0],
    ['the price of the first alone is known', [0.5, null, null], 0.5],
    ['the price of the last alone is known', [null, null, 0.5], 0.5],
  ])('when %s', (_name, costs, cost) => {
    const { usage } = folded([started, ...costs.map((each) => finished(10, each))])
    expect(usage).toEqual({ ...noUsage, outputTokens: 10 * costs.length, cost })
  })
})

describe('the status of a run', () => {
  const running = [started, activity('request', 'a'), requested('a', 'ABILITY'), activity('request', 'b')]
  const both = [...running, requested('b', 'SUBMIT'), awaited('b')]

  test.each<[string, readonly ChannelEvent[], string | null]>([
    ['nothing is known', [], null],
    ['it was queued', [event('DispatchQueued', { messages: [] })], 'QUEUED'],
    ['a worker has it', [started], 'RUNNING'],
    ['it waits for a person', [started, requested('b', 'SUBMIT'), awaited('b')], 'WAITING'],
    ['it waits for a person while it carries out a call', both, 'RUNNING'],
    ['it has carried out the other call', [...both, completed('a')], 'WAITING'],
    ['the answer has come, and no worker has it yet', [...both, completed('a'), completed('b')], 'QUEUED'],
    ['the answer has come before the other call was done', [...both, completed('b')], 'RUNNING'],
    ['a limit has paused it', [started, paused], 'WAITING'],
    ['its limit was raised', [started, paused, raised], 'WAITING'],
    ['a worker has it again', [started, paused, raised, started], 'RUNNING'],
    ['its caller is to carry out a call', [started, requested('d', 'CALLER')], 'RUNNING'],
  ])('when %s', (_name, events, status) => {
    expect(folded(events).status).toBe(status)
  })

  test('is the same when it begins with a snapshot of any moment', () => {
    const log = [...both, activity('response', 'a'), completed('a'), activity('response', 'b'), completed('b'), started]
    // The server tells a call and its message in one unit: nobody sees one without the other.
    for (const cut of [0, 1, 3, 5, 6, 8, 10, 11]) {
      const before = folded(log.slice(0, cut))
      for (let end = cut; end <= log.length; end += 1) {
        expect(folded(log.slice(cut, end), before).status, `${cut} to ${end}`).toBe(folded(log.slice(0, end)).status)
      }
    }
  })
})

describe('the messages', () => {
  test('a text that was written in vain is taken back', () => {
    expect(
      folded([delta(0, 'In vain'), event('MessageDiscarded', { messageId: 'm' }), delta(0, 'Good', 'n')]).messages,
    ).toEqual([{ id: 'n', type: 'BOT', text: 'Good', meta: null, isComplete: false }])
  })

  test('go on after a snapshot, and those that do not change stay the same objects', () => {
    const from = folded([event('DispatchQueued', { messages: [user] }), delta(0, 'Hello')])
    const after = folded([delta(5, ' world')], from)
    expect(after.messages[1]?.text).toBe('Hello world')
    expect(after.messages[0]).toBe(from.messages[0])
  })

  test('that were handed to the run stand behind what it says meanwhile, until it begins again', () => {
    const more = { ...user, id: 'more' }
    const log = [
      event('DispatchQueued', { messages: [user] }),
      event('IterationStarted', { iteration: 1 }),
      event('MessagesAdded', { messages: [more] }),
      delta(0, 'One'),
      event('IterationStarted', { iteration: 2 }),
      delta(0, 'Two', 'n'),
    ]
    const ids = (count: number) => folded(log.slice(0, count)).messages.map(({ id }) => id)
    expect(ids(3)).toEqual(['u', 'more'])
    expect(ids(5)).toEqual(['u', 'm', 'more'])
    expect(ids(6)).toEqual(['u', 'm', 'more', 'n'])
  })

  test('a snapshot in which a person has spoken while a call is carried out knows of the call', () => {
    const before = [started, activity('request', 'a'), requested('a', 'ABILITY'), activity('request', 'b')]
    const both = [...before, requested('b', 'SUBMIT'), awaited('b'), event('MessagesAdded', { messages: [user] })]
    expect(folded([completed('none')], folded(both)).status).toBe('RUNNING')
  })

  test('a text whose beginning is missing waits for the whole message', () => {
    expect(folded([delta(10, 'late')]).messages).toEqual([])
  })
})

const user = { id: 'u', type: 'USER', text: 'Hi', meta: null, isComplete: true } as const

test('adjacent pieces of one message are joined, and nothing else', () => {
  const events: ChannelEvent[] = []
  const end = delta(3, 'd')
  for (const each of [delta(0, 'a'), delta(1, 'bc'), end, delta(0, 'x', 'n'), delta(5, 'gap', 'n'), started])
    pushJoined(events, each)
  expect(events).toEqual([{ ...end, position: 0, text: 'abcd' }, expect.anything(), expect.anything(), started])
})
