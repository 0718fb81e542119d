import { expect, test } from 'vitest'
import { answerText, fold, transcript } from '../../src/conversation/fold.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import { iteration, queued, recorded, started } from '../support/run/facts.ts'

test('there is no text before the first iteration', () => {
  expect(fold(recorded(queued))).toEqual({
    messages: [{ id: 'u1', type: 'user', text: 'Hello' }],
    taken: 0,
    raised: {},
    earlier: [],
    model: null,
    attachments: 0,
    turns: [],
    added: 0,
    brokenOff: [],
    usage: noUsage,
    workedMs: 0,
    lastWorkAt: 1000,
    continuations: 0,
    emptyTurnsInARow: 0,
  })
})

test('a finished iteration is a turn, and its usage counts', () => {
  const state = fold(recorded(queued, started(), ...iteration(1, 'Hi')))
  expect(state.turns).toEqual([
    {
      messages: [{ id: 'b1', type: 'bot', text: 'Hi' }],
      calls: [],
      activity: [],
      added: [],
      finish: 'stop',
      isContinuation: false,
    },
  ])
  expect(state.usage).toMatchObject({ inputTokens: 10, outputTokens: 5, totalTokens: 15, iterations: 1 })
})

test('an iteration repeated after a take-over counts once', () => {
  const state = fold(
    recorded(
      queued,
      started(1),
      { type: 'iteration-started', iteration: 1 },
      started(2),
      { type: 'message-discarded', messageId: 'lost' },
      ...iteration(1, 'Hi'),
    ),
  )
  expect(state.turns).toHaveLength(1)
  expect(state.usage.iterations).toBe(1)
})

test('a turn after a cut or an empty one is a continuation, and the pieces form one answer', () => {
  const state = fold(
    recorded(queued, started(), ...iteration(1, 'One ', 'length'), ...iteration(2, ''), ...iteration(3, 'two.')),
  )
  expect(state.turns.map(({ isContinuation }) => isContinuation)).toEqual([false, true, true])
  expect(state.continuations).toBe(2)
  expect(answerText(state)).toBe('One two.')
})

test('an answer that was not cut stands alone', () => {
  const state = fold(recorded(queued, started(), ...iteration(1, 'First.'), ...iteration(2, 'Second.')))
  expect(answerText(state)).toBe('Second.')
  expect(transcript(state).map(({ text }) => text)).toEqual(['Hello', 'First.', 'Second.'])
})

test('the text of a cancelled run is part of its transcript, once it has ended', () => {
  const half = { type: 'message-completed', message: { id: 'b2', type: 'bot', text: 'Sec' } } as const
  const facts = [
    queued,
    started(),
    ...iteration(1, 'First.'),
    { type: 'iteration-started', iteration: 2 } as const,
    half,
  ]
  const texts = (...more: { type: 'dispatch-cancelled'; reason: null; usage: typeof noUsage }[]) =>
    transcript(fold(recorded(...facts, ...more))).map(({ text }) => text)
  expect(texts()).toEqual(['Hello', 'First.'])
  expect(texts({ type: 'dispatch-cancelled', reason: null, usage: noUsage })).toEqual(['Hello', 'First.', 'Sec'])
})

test('empty turns are counted from the end', () => {
  const empty = (from: number, count: number) => Array.from({ length: count }, (_, i) => iteration(from + i, '')).flat()
  expect(fold(recorded(queued, ...empty(1, 2))).emptyTurnsInARow).toBe(2)
  expect(fold(recorded(queued, ...empty(1, 2), ...iteration(3, 'Hi'))).emptyTurnsInARow).toBe(0)
  expect(fold(recorded(queued, ...iteration(1, 'Hi'), ...empty(2, 3))).emptyTurnsInARow).toBe(3)
})

test('worked time is the sum of all attempts from start to last fact', () => {
  const facts = [
    { at: 0, event: queued },
    { at: 5_000, event: started(1) },
    { at: 6_500, event: { type: 'iteration-started', iteration: 1 } as const },
    { at: 60_000, event: started(2) },
    { at: 60_700, event: { type: 'iteration-started', iteration: 1 } as const },
  ]
  expect(fold(facts).workedMs).toBe(2_200)
})
