import type { ChannelEvent, Usage } from 'backchannel-client'
import { describe, expect, test } from 'vitest'
import { createRunFold } from '../../console/src/log/fold-run.ts'

const used: Usage = {
  inputTokens: 5,
  cachedInputTokens: 0,
  outputTokens: 2,
  reasoningTokens: 0,
  totalTokens: 7,
  discardedTokens: 0,
  iterations: 1,
  calls: 0,
  cost: null,
}
const call = { id: 'c1', name: 'ask', arguments: { a: 1 }, answer: 'SUBMIT', deadline: null } as const
const question = { id: 'u1', type: 'USER', text: 'Hi', meta: null, isComplete: true } as const

type Told = ChannelEvent extends infer Event
  ? Event extends ChannelEvent
    ? Omit<Event, 'at' | 'cursor'>
    : never
  : never

/** The events at these seconds, one millisecond of the epoch after the other in tens of a second. */
function view(...told: readonly (readonly [ms: number, event: Told])[]) {
  const fold = createRunFold()
  for (const [index, [ms, event]] of told.entries()) {
    fold.apply({ ...event, at: new Date(ms).toISOString(), cursor: `cursor-${index}` } as ChannelEvent)
  }
  return fold.view()
}

const queued = { __typename: 'DispatchQueued', messages: [question] } as const
const started = (attempt: number) => ({ __typename: 'DispatchStarted', attempt, model: 'demo' }) as const
const iteration = (number: number) => ({ __typename: 'IterationStarted', iteration: number }) as const
const delta = (messageId: string, position: number, text: string) =>
  ({ __typename: 'TextDelta', messageId, position, text }) as const
const completed = { __typename: 'DispatchCompleted', result: { text: 'x', finishReason: 'STOP' }, usage: used } as const

describe('what was said', () => {
  test('grows piece by piece, whatever is applied again', () => {
    const { entries } = view(
      [0, queued],
      [1, started(1)],
      [2, iteration(1)],
      [3, delta('m', 0, 'He')],
      [4, delta('m', 1, 'el')],
    )
    expect(entries.map((entry) => [entry.key, 'text' in entry && entry.text])).toEqual([
      ['u1', 'Hi'],
      ['m', 'Hel'],
    ])
  })

  test('stays where it was discarded, and says so', () => {
    const { entries } = view(
      [0, queued],
      [1, started(1)],
      [2, iteration(1)],
      [3, delta('lost', 0, 'Once')],
      [9, { __typename: 'MessageDiscarded', messageId: 'lost' }],
      [9, started(2)],
      [10, iteration(1)],
      [11, delta('again', 0, 'Once more')],
    )
    expect(entries.map(({ key }) => key)).toEqual(['u1', 'lost', 'cursor-5', 'again'])
    expect(entries[1]).toMatchObject({ text: 'Once', isDiscarded: true })
    expect(entries[2]).toMatchObject({ kind: 'notice', text: 'Attempt 2: another worker has taken the run over.' })
    expect(entries[3]).toMatchObject({ text: 'Once more', isDiscarded: false })
  })

  test('earlier turns of the conversation come first, and what was added while it was busy last', () => {
    const earlier = { ...question, id: 'u0', text: 'Before' }
    const added = { ...question, id: 'u2', text: 'By the way' }
    const told = [
      [0, queued],
      [1, { __typename: 'TranscriptTaken', messages: [earlier] }],
      [2, started(1)],
      [3, iteration(1)],
      [4, { __typename: 'MessagesAdded', messages: [added] }],
      [5, delta('m1', 0, 'One')],
    ] as const
    expect(view(...told).entries.map(({ key }) => key)).toEqual(['u0', 'u1', 'm1', 'u2'])
    const then = view(...told, [6, iteration(2)], [7, delta('m2', 0, 'Two')])
    expect(then.entries.map(({ key }) => key)).toEqual(['u0', 'u1', 'm1', 'u2', 'm2'])
  })
})

describe('calls', () => {
  const asked = [
    [0, queued],
    [10, started(1)],
    [20, iteration(1)],
    [30, { __typename: 'FunctionCallRequested', call }],
    [40, { __typename: 'FunctionResultAwaited', call, resultChannelId: null }],
  ] as const

  test('one that is waited for parks the run, and its answer queues it again', () => {
    expect(view(...asked)).toMatchObject({ status: 'WAITING', entries: [{}, { state: 'waiting', pending: { call } }] })
    const answered = view(...asked, [5_040, { __typename: 'FunctionCallCompleted', call, data: 'blue' }])
    expect(answered).toMatchObject({ status: 'QUEUED' })
    expect(answered.entries[1]).toMatchObject({ state: 'completed', outcome: { data: 'blue' }, durationMs: 5_010 })
    const approved = view(...asked, [5_040, { __typename: 'FunctionCallRequested', call }])
    expect(approved).toMatchObject({ status: 'QUEUED', entries: [{}, { state: 'running', pending: null }] })
    expect(
      view(...asked, [5_040, { __typename: 'FunctionCallCompleted', call, data: 1 }], [5_050, started(2)]),
    ).toMatchObject({
      status: 'RUNNING',
      attempts: 2,
    })
  })

  test('a resumed run was not taken over', () => {
    const resumed = view(...asked, [90, { __typename: 'FunctionCallCompleted', call, data: 1 }], [99, started(2)])
    expect(resumed.entries.filter(({ kind }) => kind === 'notice')).toEqual([])
    expect(resumed.bars.filter(({ tone }) => tone === 'lost')).toEqual([])
  })

  test('one that nobody answered before the end is abandoned', () => {
    const cancelled = view(...asked, [50, { __typename: 'DispatchCancelled', reason: 'enough', usage: used }])
    expect(cancelled).toMatchObject({ status: 'CANCELLED', finishedAt: 50 })
    expect(cancelled.entries[1]).toMatchObject({ state: 'abandoned', pending: null })
    expect(cancelled.entries[2]).toMatchObject({ text: 'Cancelled: enough' })
  })
})

describe('the timeline', () => {
  test('has attempts, iterations, calls and waits, each with its times', () => {
    const { bars } = view(
      [0, queued],
      [10, started(1)],
      [20, iteration(1)],
      [30, { __typename: 'FunctionCallRequested', call }],
      [35, { __typename: 'IterationFinished', iteration: 1, usage: used }],
      [40, { __typename: 'FunctionResultAwaited', call, resultChannelId: null }],
      [90, { __typename: 'FunctionCallCompleted', call, data: 1 }],
      [95, started(2)],
      [96, iteration(2)],
      [99, completed],
    )
    expect(bars.map(({ lane, label, from, to, tone }) => [lane, label, from, to, tone])).toEqual([
      ['Waits', 'a worker', 0, 10, 'wait'],
      ['Attempts', 'Attempt 1', 10, 40, 'plain'],
      ['Iterations', 'Iteration 1', 20, 35, 'plain'],
      ['Calls', 'ask', 30, 90, 'plain'],
      ['Waits', 'answer to ask', 40, 90, 'wait'],
      ['Waits', 'a worker', 90, 95, 'wait'],
      ['Attempts', 'Attempt 2', 95, 99, 'plain'],
      ['Iterations', 'Iteration 2', 96, 99, 'plain'],
    ])
  })

  test('shows what was lost when another worker took over', () => {
    const { bars } = view([0, queued], [1, started(1)], [2, iteration(1)], [60, started(2)], [61, iteration(1)])
    expect(bars.filter(({ lane }) => lane !== 'Waits').map(({ label, to, tone }) => [label, to, tone])).toEqual([
      ['Attempt 1', 60, 'lost'],
      ['Iteration 1', 61, 'lost'],
      ['Attempt 2', null, 'plain'],
      ['Iteration 1', null, 'plain'],
    ])
  })

  test('a limit that pauses is a wait, until it is raised', () => {
    const reachedLimit = { kind: 'ITERATIONS', used: 1, allowed: 1 } as const
    const paused = [
      [0, queued],
      [1, started(1)],
      [5, { __typename: 'DispatchPaused', reachedLimit, usage: used }],
    ] as const
    expect(view(...paused)).toMatchObject({ status: 'WAITING', reachedLimit })
    const raised = view(...paused, [50, { __typename: 'LimitsRaised' }], [60, started(2)])
    expect(raised).toMatchObject({ status: 'RUNNING', reachedLimit: null })
    expect(raised.bars.find(({ label }) => label === 'a limit to be raised')).toMatchObject({ from: 5, to: 60 })
  })
})
