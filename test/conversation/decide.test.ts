import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type Signals, type Step } from '../../src/conversation/decide.ts'
import type { Fact, IterationFinished } from '../../src/conversation/event.ts'
import { fold } from '../../src/conversation/fold.ts'
import type { ConversationRequest } from '../../src/conversation/request.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import { iteration, queued, recorded, request, started } from '../support/run/facts.ts'

const still: Signals = { open: [], cancelled: null, workedMs: 0, spent: noUsage }
const callModel = (iteration: number, isContinuation: boolean) => ({
  kind: 'call-model',
  iteration,
  isContinuation,
  forced: null,
})
const complete = (text: string, finishReason: string) => ({
  kind: 'complete',
  result: { text, finishReason },
  requests: [],
})
const cuts = (count: number) => Array.from({ length: count }, (_, i) => iteration(i + 1, `${i + 1} `, 'length')).flat()
const empties = (count: number) => Array.from({ length: count }, (_, i) => iteration(i + 1, '')).flat()
const limits = (iterations: number, continuations: number): Partial<ConversationRequest> => ({
  limits: { iterations, continuations, calls: 10 },
})

describe('the decision table', () => {
  test.each<[string, Fact[], Partial<ConversationRequest>, Partial<Signals>, object]>([
    ['nothing said yet: call the model', [], {}, {}, callModel(1, false)],
    [
      'half-said messages come first',
      [],
      { timeoutSeconds: 1 },
      { open: ['m1'], workedMs: 9e9 },
      {
        kind: 'discard',
        messageIds: ['m1'],
      },
    ],
    [
      'to be cancelled, after half-said messages and before all else',
      iteration(1, 'Hi'),
      { timeoutSeconds: 1 },
      { cancelled: { reason: 'enough' }, workedMs: 9e9 },
      { kind: 'cancel', reason: 'enough' },
    ],
    [
      'worked too long, in this attempt alone',
      [],
      { timeoutSeconds: 10 },
      { workedMs: 10_000 },
      {
        kind: 'fail',
        code: 'TIMEOUT',
        message: 'The run was given up after 10 s of work.',
      },
    ],
    ['not too long yet', [], { timeoutSeconds: 10 }, { workedMs: 9_999 }, callModel(1, false)],
    [
      'worked too long, earlier attempts counted',
      iteration(1, 'a', 'length'),
      { timeoutSeconds: 5 },
      { workedMs: 2_000 },
      {
        kind: 'fail',
        code: 'TIMEOUT',
        message: 'The run was given up after 5 s of work.',
      },
    ],
    [
      'filtered',
      iteration(1, 'So', 'filtered'),
      {},
      {},
      {
        kind: 'fail',
        code: 'MODEL_REJECTED',
        message: "The provider's content filter stopped the model.",
      },
    ],
    [
      'filtered without a word',
      iteration(1, '', 'filtered'),
      {},
      {},
      {
        kind: 'fail',
        code: 'MODEL_REJECTED',
        message: "The provider's content filter stopped the model.",
      },
    ],
    ['stopped', iteration(1, 'Hi'), {}, {}, complete('Hi', 'stop')],
    ['cut: go on', cuts(1), {}, {}, callModel(2, true)],
    ['cut, continuations left', cuts(3), limits(10, 3), {}, callModel(4, true)],
    ['cut, continuations used up', cuts(4), limits(10, 3), {}, complete('1 2 3 4 ', 'length')],
    ['cut, none allowed', cuts(1), limits(10, 0), {}, complete('1 ', 'length')],
    ['cut, iterations used up', cuts(3), limits(3, 20), {}, complete('1 2 3 ', 'iteration')],
    ['cut, both used up', cuts(4), limits(4, 3), {}, complete('1 2 3 4 ', 'length')],
    ['the only iteration stopped by itself', iteration(1, 'Hi'), limits(1, 0), {}, complete('Hi', 'stop')],
    ['empty: ask again', empties(1), {}, {}, callModel(2, true)],
    ['empty twice: ask again', empties(2), {}, {}, callModel(3, true)],
    ['empty three times: leave it', empties(3), {}, {}, complete('', 'stop')],
    ['empty, continuations used up', empties(1), limits(10, 0), {}, complete('', 'stop')],
    ['empty, iterations used up', empties(2), limits(2, 20), {}, complete('', 'iteration')],
    ['cut, then the rest', [...cuts(1), ...iteration(2, 'end.')], {}, {}, complete('1 end.', 'stop')],
  ])('%s', (_what, said, over, signals, step) => {
    const state = fold(recorded(queued, started(), ...said))
    expect(decide(state, { ...request, ...over }, { ...still, ...signals })).toEqual(step)
  })
})

describe('any prefix of whole units', () => {
  /** What a model might do on each call. */
  const behaviour = fc.record({
    text: fc.constantFrom('', 'word ', '🙂'),
    finish: fc.constantFrom<IterationFinished['finish']>('stop', 'length', 'length', 'filtered'),
  })
  const anyLimits = fc.record({
    iterations: fc.integer({ min: 1, max: 8 }),
    continuations: fc.integer({ min: 0, max: 8 }),
    calls: fc.constant(10),
  })

  /** Runs to the end as a worker would, from whatever units are there. */
  const finish = (
    units: Fact[][],
    over: ConversationRequest,
    next: (call: number) => { text: string; finish: IterationFinished['finish'] },
  ) => {
    const facts = units.flat()
    for (let steps = 0; steps < 50; steps++) {
      const step: Step = decide(fold(recorded(...facts)), over, still)
      if (step.kind !== 'call-model') return { step, units }
      const { text, finish } = next(step.iteration)
      const unit = iteration(step.iteration, text, finish)
      units.push(unit)
      facts.push(...unit)
    }
    throw new Error('The run did not come to an end.')
  }

  test('folds to a state from which the run ends, within its limits, and ends the same way', () => {
    fc.assert(
      fc.property(fc.array(behaviour, { minLength: 10, maxLength: 10 }), anyLimits, fc.nat(), (calls, limits, at) => {
        const next = (call: number) => calls[call - 1] ?? { text: 'end', finish: 'stop' as const }
        const over = { ...request, limits }
        const whole = finish([[queued, started()]], over, next)
        expect(whole.units.length - 1).toBeLessThanOrEqual(limits.iterations)
        // A worker died after any of the units; another takes over.
        const prefix = whole.units.slice(0, 1 + (at % whole.units.length))
        const again = finish([...prefix, [started(2)]], over, next)
        expect(again.step).toEqual(whole.step)
      }),
      { numRuns: 500 },
    )
  })
})
