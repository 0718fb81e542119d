import { expect, test } from 'vitest'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import { createViewBuilder } from '../../src/conversation/view.ts'
import { iteration, queued, started } from '../support/run/facts.ts'

function viewOf(...events: ChannelEvent[]) {
  const builder = createViewBuilder()
  for (const [index, event] of events.entries()) builder.apply({ at: (index + 1) * 1000, event })
  return builder.view()
}
const delta = (position: number, text: string) => ({ type: 'text-delta', messageId: 'b1', position, text }) as const

test('a queued dispatch shows its input', () => {
  expect(viewOf(queued)).toEqual({
    status: 'queued',
    attempts: 0,
    reachedLimit: null,
    messages: [{ id: 'u1', type: 'user', text: 'Hello', isComplete: true }],
    pendingCalls: [],
    result: null,
    error: null,
    usage: noUsage,
    startedAt: null,
    finishedAt: null,
  })
})

test('a message grows with its deltas, and a delta applied again changes nothing', () => {
  const once = viewOf(queued, started(), delta(0, 'One'), delta(3, ' two'))
  expect(once.messages[1]).toEqual({ id: 'b1', type: 'bot', text: 'One two', isComplete: false })
  expect(viewOf(queued, started(), delta(0, 'One'), delta(3, ' two'), delta(0, 'One two')).messages).toEqual(
    once.messages,
  )
})

test('a discarded message disappears, and reasoning is marked as reasoning', () => {
  const reasoning = { type: 'reasoning-delta', messageId: 'r1', position: 0, text: 'Hm' } as const
  const view = viewOf(queued, started(), reasoning, delta(0, 'One'), { type: 'message-discarded', messageId: 'b1' })
  expect(view.messages.slice(1)).toEqual([{ id: 'r1', type: 'reasoning', text: 'Hm', isComplete: false }])
})

test('an ended dispatch shows its result, its whole usage and its times', () => {
  const view = viewOf(queued, started(), delta(0, 'H'), ...iteration(1, 'Hi'), {
    type: 'dispatch-completed',
    result: { text: 'Hi', finishReason: 'stop' },
    usage: { ...noUsage, totalTokens: 99 },
  })
  expect(view).toMatchObject({
    status: 'completed',
    attempts: 1,
    result: { text: 'Hi', finishReason: 'stop' },
    usage: { totalTokens: 99 },
    startedAt: 2000,
    finishedAt: 7000,
  })
  expect(view.messages[1]).toEqual({ id: 'b1', type: 'bot', text: 'Hi', isComplete: true })
})

test('a failed dispatch shows its error', () => {
  const error = { code: 'TIMEOUT', message: 'Too long.' } as const
  expect(viewOf(queued, { type: 'dispatch-failed', error, usage: noUsage })).toMatchObject({ status: 'failed', error })
})
