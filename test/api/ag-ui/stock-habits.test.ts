import type { Message } from '@ag-ui/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { snapshotEvents } from '../../../src/api/ag-ui/stream/snapshot.ts'
import { runAgent, scriptedAgent } from '../../support/ag-ui/stock-agent.ts'

// What the stock client does that the facade counts on. Whatever of it changes changes the facade.

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
afterEach(() => void vi.restoreAllMocks())

type Event = Readonly<Record<string, unknown>>

const started: Event = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
const finished: Event = { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }
const text = (id: string, ...deltas: readonly string[]): readonly Event[] => [
  { type: 'TEXT_MESSAGE_START', messageId: id, role: 'assistant' },
  ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta })),
  { type: 'TEXT_MESSAGE_END', messageId: id },
]
const user: Message = { id: 'u', role: 'user', content: 'Hi' }
const answer: Message = { id: 'a', role: 'assistant', content: 'Half' }
const thought: Message = { id: 'th', role: 'reasoning', content: 'Hm' }

/** An agent that holds these messages, and gets these events for its run. */
function told(held: Message[], events: readonly Event[], error?: Error) {
  return scriptedAgent('t', held, async function* () {
    for (const event of events) yield `data: ${JSON.stringify(event)}\n\n`
    if (error !== undefined) throw error
  })
}

test('a text that begins under an id which is held is appended to it: a replay alone doubles it', async () => {
  const agent = told([user, answer], [started, ...text('a', 'Half', ' more'), finished])
  await runAgent(agent)
  expect(agent.messages.at(-1)).toMatchObject({ content: 'HalfHalf more' })
})

test('RUN_ERROR resolves, and so does a stream that ends in the middle; one that breaks rejects', async () => {
  const failed = { type: 'RUN_ERROR', message: 'No.' }
  expect((await runAgent(told([user], [started, failed]))).end).toEqual(failed)
  const half = text('a', 'Half').slice(0, 2)
  expect((await runAgent(told([user], [started, ...half]))).end).toMatchObject({ delta: 'Half' })
  await expect(runAgent(told([user], [started, ...half], new Error('It broke.')))).rejects.toThrow('It broke.')
})

test.each([
  ['a text', text('a', 'Half').slice(0, 2)],
  ['a step', [{ type: 'STEP_STARTED', stepName: 's' }]],
  ['a call', [{ type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'f' }]],
  ['a thought', [{ type: 'REASONING_START', messageId: 'th' }]],
])('%s that is open when the run ends is an error', async (_what, open) => {
  await expect(runAgent(told([user], [started, ...open, finished]))).rejects.toThrow('still active')
})

test('an empty delta is taken; null instead of an absent field fails the run', async () => {
  const agent = told([user], [started, ...text('a', '', 'Hi'), finished])
  await runAgent(agent)
  expect(agent.messages.at(-1)).toMatchObject({ content: 'Hi' })
  await expect(runAgent(told([user], [started, { ...finished, usage: null }]))).rejects.toThrow()
})

test('with an open interrupt, results as messages do not leave the client: only `resume` does', async () => {
  const interrupts = [{ id: 'c', reason: 'tool_call', toolCallId: 'c' }]
  const agent = told([user], [started, { ...finished, outcome: { type: 'interrupt', interrupts } }])
  await runAgent(agent)
  agent.addMessage({ id: 'result', role: 'tool', toolCallId: 'c', content: 'yes' })
  await expect(runAgent(agent)).rejects.toThrow('pending interrupt')
})

test.each<[string, Message[]]>([
  ['nothing', []],
  ['all of it', [user, { ...answer, content: 'Whole' }]],
  ['half an answer', [user, answer, { ...answer, id: 'discarded' }]],
  ['half a thought', [user, thought]],
  ['a thought between', [user, thought, answer]],
  ['another order', [answer, user]],
  ['another order, and a thought before', [thought, answer, user]],
])('one snapshot is not enough for a client that holds %s; these are', async (_what, held) => {
  const whole = [user, { id: 'a', role: 'assistant' as const, content: 'Whole' }]
  for (const messages of [whole, [], [user, { ...thought, id: 'other' }, whole[1] as (typeof whole)[0]]]) {
    const events = snapshotEvents(messages as never, held)
    const agent = told(held, [started, ...events, finished])
    await runAgent(agent)
    expect(agent.messages).toEqual(messages)
  }
})

test('one snapshot leaves thoughts that it does not have, and what is held where it stands', async () => {
  const snapshot = (messages: readonly Message[]) => ({ type: 'MESSAGES_SNAPSHOT', messages })
  const thinking = told([user, thought], [started, snapshot([user]), finished])
  await runAgent(thinking)
  expect(thinking.messages).toEqual([user, thought])
  const behind = told([answer], [started, snapshot([user, answer]), finished])
  await runAgent(behind)
  expect(behind.messages).toEqual([answer, user])
})
