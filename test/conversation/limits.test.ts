import { describe, expect, test } from 'vitest'
import { decide, type Signals } from '../../src/conversation/decide.ts'
import type { Fact } from '../../src/conversation/event.ts'
import { fold } from '../../src/conversation/fold.ts'
import type { Limits, RaisedLimits, ReachedLimit } from '../../src/conversation/limits.ts'
import { costOf } from '../../src/conversation/price.ts'
import type { ConversationRequest } from '../../src/conversation/request.ts'
import { addUsage, noUsage, type Usage } from '../../src/conversation/usage.ts'
import { createViewBuilder } from '../../src/conversation/view.ts'
import {
  answered,
  asking,
  call,
  iteration,
  queued,
  recorded,
  request,
  requested,
  started,
} from '../support/run/facts.ts'

const price = { input: 2, cachedInput: 0.5, output: 10, reasoning: 20 }
const still: Signals = { open: [], cancelled: null, workedMs: 0, spent: noUsage }
/** A model call that asked for a function, which answered. It used so much. */
const round = (number: number, used: Partial<Usage>): Fact[] => {
  const of = call(`c${number}`, { arguments: { number } })
  return [
    ...asking(number, [requested(of)]).map((fact) =>
      fact.type === 'iteration-finished' ? { ...fact, usage: { ...fact.usage, ...used } } : fact,
    ),
    answered(of),
  ]
}
const raised = (limits: RaisedLimits, stillReached: ReachedLimit | null = null): Fact => ({
  type: 'limits-raised',
  limits,
  stillReached,
})
const next = (facts: readonly Fact[], limits: Partial<Limits>, over: Partial<ConversationRequest & Signals> = {}) =>
  decide(
    fold(recorded(queued, started(), ...facts)),
    { ...request, limits: { ...request.limits, ...limits }, ...over },
    { ...still, ...over },
  )
const pause = (kind: string, used: number, allowed: number) => ({
  kind: 'pause',
  reachedLimit: { kind, used, allowed },
})
const ends = (finishReason: string) => ({ kind: 'complete', result: { finishReason } })
const goesOn = { kind: 'call-model' }
const pauses = { whenReached: 'pause' } as const
const [hundred, dear] = [{ totalTokens: 100 }, { totalTokens: 100, cost: 0.5 }]

describe('limits', () => {
  test.each<[string, Fact[], Partial<Limits>, object]>([
    ['nothing used yet', [], { tokens: 1 }, goesOn],
    ['tokens left', round(1, hundred), { tokens: 101 }, goesOn],
    ['tokens used up', round(1, hundred), { tokens: 100 }, ends('tokens')],
    ['more tokens used than allowed', round(1, hundred), { tokens: 7 }, ends('tokens')],
    ['cost left', round(1, dear), { cost: 0.51 }, goesOn],
    ['cost used up', round(1, dear), { cost: 0.5 }, ends('cost')],
    ['tokens come before cost', round(1, dear), { cost: 0.5, tokens: 100 }, ends('tokens')],
    ['a cut answer at its limit', iteration(1, 'Hi', 'length'), { tokens: 15 }, ends('tokens')],
    ['an answer that is whole is an answer', iteration(1, 'Hi'), { tokens: 1, ...pauses }, ends('stop')],
    [
      'a cut answer that may not be continued',
      iteration(1, 'Hi', 'length'),
      { continuations: 0, ...pauses },
      ends('length'),
    ],
    ['PAUSE: tokens', round(1, hundred), { tokens: 90, ...pauses }, pause('tokens', 100, 90)],
    ['PAUSE: cost', round(1, dear), { cost: 0.2, ...pauses }, pause('cost', 0.5, 0.2)],
    ['PAUSE: iterations', round(1, {}), { iterations: 1, ...pauses }, pause('iterations', 1, 1)],
    ['PAUSE: calls', round(1, {}), { calls: 1, ...pauses }, pause('calls', 1, 1)],
    ['raised', [...round(1, hundred), raised({ tokens: 101 })], { tokens: 90, ...pauses }, goesOn],
    [
      'raised to less than was used',
      [...round(1, hundred), raised({ tokens: 95 })],
      { tokens: 90, ...pauses },
      pause('tokens', 100, 95),
    ],
    [
      'raised twice: the last counts',
      [...round(1, hundred), raised({ tokens: 500 }), raised({ tokens: 60, cost: 1 })],
      pauses,
      pause('tokens', 100, 60),
    ],
    ['set where there was none', [raised({ tokens: 50 }), ...round(1, hundred)], {}, ends('tokens')],
    [
      'not to be paused any more',
      [...round(1, hundred), raised({ whenReached: 'end' })],
      { tokens: 90, ...pauses },
      ends('tokens'),
    ],
  ])('%s', (_name, facts, limits, step) => {
    expect(next(facts, limits)).toMatchObject(step)
  })

  test('tries without a result count, and the pause keeps what they have used', () => {
    const spent = { ...noUsage, totalTokens: 40, discardedTokens: 40 }
    const facts = round(1, hundred)
    expect(next(facts, { tokens: 141, ...pauses }, { spent })).toMatchObject(goesOn)
    const step = next(facts, { tokens: 140, ...pauses }, { spent })
    expect(step).toMatchObject({ ...pause('tokens', 140, 140), usage: { totalTokens: 140, discardedTokens: 40 } })
    const paused = { type: 'dispatch-paused', pausedUntil: 1, ...(step as object) } as unknown as Fact
    expect(fold(recorded(queued, started(), ...facts, paused)).usage).toMatchObject({ totalTokens: 140 })
  })

  test.each<[string, Partial<Limits>, number | null | undefined]>([
    ['no limit', {}, undefined],
    ['more than any answer has', { tokens: 5000 }, null],
    ['the tokens left', { tokens: 700 }, 600],
    ['what the money buys of the dearer output', { cost: 0.512 }, 600],
    ['the less of both', { tokens: 400, cost: 0.512 }, 300],
    ['at least what providers take', { tokens: 101 }, 16],
  ])('how much the model may write: %s', (_name, limits, most) => {
    const step = next(round(1, dear), limits, { price })
    expect((step as { budget?: { maxOutputTokens: number | null } }).budget?.maxOutputTokens).toBe(most)
  })
})

test('each token is paid once: cached input and reasoning are parts of input and output', () => {
  const used = { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 100, reasoningTokens: 30 }
  expect(costOf(price, used)).toBe(0.0027)
  // What a provider reports need not add up.
  expect(costOf(price, { inputTokens: 1, cachedInputTokens: 5, outputTokens: 0, reasoningTokens: 9 })).toBe(0.0000005)
})

test('sums of money show no remainders, and a cost is absent until there is one', () => {
  const cost = (of: number) => ({ ...noUsage, cost: of })
  expect(addUsage(cost(0.1), cost(0.2)).cost).toBe(0.3)
  expect(addUsage(noUsage, cost(0.2)).cost).toBe(0.2)
  expect('cost' in addUsage(noUsage, noUsage)).toBe(false)
})

test('a view shows what has paused the run, until the limit allows more', () => {
  const reachedLimit = { kind: 'tokens', used: 120, allowed: 100 } as const
  const usage = { ...noUsage, totalTokens: 120 }
  const builder = createViewBuilder()
  const apply = (...facts: Fact[]) => {
    for (const event of facts) builder.apply({ at: 1, event })
    const { status, reachedLimit, usage } = builder.view()
    return { status, reachedLimit, totalTokens: usage.totalTokens }
  }
  const paused: Fact = { type: 'dispatch-paused', reachedLimit, pausedUntil: 9, usage }
  expect(apply(queued, started(), raised({ tokens: 100 }))).toMatchObject({ status: 'running', reachedLimit: null })
  expect(apply(paused)).toEqual({ status: 'waiting', reachedLimit, totalTokens: 120 })
  const lower = { ...reachedLimit, allowed: 120 }
  expect(apply(raised({ tokens: 120 }, lower))).toMatchObject({ status: 'waiting', reachedLimit: lower })
  expect(apply(raised({ cost: 5 }, lower))).toMatchObject({ status: 'waiting', reachedLimit: lower })
  expect(apply(raised({ tokens: 121 }))).toMatchObject({ status: 'queued', reachedLimit: null })
  expect(apply(started(2), paused)).toMatchObject({ status: 'waiting' })
  expect(apply({ type: 'dispatch-cancelled', reason: null, usage })).toMatchObject({
    status: 'cancelled',
    reachedLimit: null,
  })
})
