import type { LogEntry } from '../../../src/channel/channel.ts'
import type { ChannelEvent } from '../../../src/conversation/event.ts'
import type { FunctionCall } from '../../../src/conversation/function.ts'
import { noUsage } from '../../../src/conversation/usage.ts'

const usage = { ...noUsage, inputTokens: 10, outputTokens: 5, totalTokens: 15, iterations: 1 }

const call = (id: string, answer: FunctionCall['answer']): FunctionCall => ({
  id: `call_${id}`,
  name: 'look',
  arguments: { at: 'the sea' },
  answer,
  deadline: null,
})

const requested = (id: string, answer: FunctionCall['answer']): ChannelEvent => ({
  type: 'function-call-requested',
  call: call(id, answer),
  providerCallId: id,
  problem: null,
})

const said = (id: string, text: string): ChannelEvent => ({
  type: 'message-completed',
  message: { id, type: 'bot', text },
})
const text = (id: string, position: number, piece: string): ChannelEvent => ({
  type: 'text-delta',
  messageId: id,
  position,
  text: piece,
})
const thought = (id: string, position: number, piece: string): ChannelEvent => ({
  type: 'reasoning-delta',
  messageId: id,
  position,
  text: piece,
})

const begin: readonly ChannelEvent[] = [
  { type: 'dispatch-queued', messages: [{ id: 'msg_question', type: 'user', text: 'What is there?' }] },
  { type: 'dispatch-started', attempt: 1, model: 'demo' },
  { type: 'iteration-started', iteration: 1 },
]
const finished: ChannelEvent = { type: 'iteration-finished', iteration: 1, finish: 'stop', usage }
const completed = (result: string): ChannelEvent => ({
  type: 'dispatch-completed',
  result: { text: result, finishReason: 'stop' },
  usage,
})

const many = Array.from({ length: 20 }, (_, index) => `many${index}`)

/** The logs of runs, by what happened in them. */
export const logs: Readonly<Record<string, readonly ChannelEvent[]>> = {
  'an answer': [
    ...begin,
    text('msg_a', 0, 'The'),
    text('msg_a', 3, ' wide s'),
    text('msg_a', 10, 'ea.'),
    said('msg_a', 'The wide sea.'),
    finished,
    completed('The wide sea.'),
  ],
  'thoughts and an answer that came whole': [
    ...begin,
    thought('msg_r', 0, 'Let me '),
    thought('msg_r', 7, 'look.'),
    { type: 'message-completed', message: { id: 'msg_r', type: 'reasoning', text: 'Let me look.' } },
    said('msg_a', '海が見える。 😀 And a long_unbroken_identifier_of_many_units'),
    finished,
    completed('海が見える。 😀 And a long_unbroken_identifier_of_many_units'),
  ],
  'a take-over in mid-answer': [
    ...begin,
    thought('msg_r1', 0, 'Hm'),
    text('msg_a1', 0, 'The wi'),
    { type: 'dispatch-started', attempt: 2, model: 'demo' },
    { type: 'message-discarded', messageId: 'msg_r1' },
    { type: 'message-discarded', messageId: 'msg_a1' },
    { type: 'iteration-started', iteration: 1 },
    text('msg_a2', 0, 'The wide '),
    text('msg_a2', 9, 'sea.'),
    said('msg_a2', 'The wide sea.'),
    finished,
    completed('The wide sea.'),
  ],
  'calls of the server, one of which fails': [
    ...begin,
    said('msg_a', 'I look.'),
    requested('1', 'ability'),
    requested('2', 'static'),
    finished,
    { type: 'function-call-completed', call: call('2', 'static'), data: { wide: true } },
    { type: 'function-call-failed', call: call('1', 'ability'), error: { code: 'FAILED', message: 'fog' } },
    { type: 'iteration-started', iteration: 2 },
    text('msg_b', 0, 'Fog.'),
    said('msg_b', 'Fog.'),
    finished,
    completed('Fog.'),
  ],
  'many calls at once': [
    ...begin,
    ...many.map((id) => requested(id, 'ability')),
    finished,
    ...many.map((id): ChannelEvent => ({ type: 'function-call-completed', call: call(id, 'ability'), data: id })),
    { type: 'iteration-started', iteration: 2 },
    said('msg_a', 'Many.'),
    finished,
    completed('Many.'),
  ],
  'a call that is left to the client': [
    ...begin,
    requested('1', 'caller'),
    finished,
    { type: 'dispatch-completed', result: { text: '', finishReason: 'activity' }, usage },
  ],
  'a call that the run waits for': [
    ...begin,
    requested('1', 'submit'),
    finished,
    { type: 'function-result-awaited', call: call('1', 'submit'), resultChannelId: null },
    { type: 'function-call-completed', call: call('1', 'submit'), data: 'blue' },
    { type: 'iteration-started', iteration: 2 },
    text('msg_b', 0, 'Blue it is'),
    said('msg_b', 'Blue it is'),
    finished,
    completed('Blue it is'),
  ],
  'a cancellation in mid-answer, over the head of the worker': [
    ...begin,
    requested('1', 'ability'),
    text('msg_a', 0, 'The wide s'),
    { type: 'dispatch-cancelled', reason: 'enough', usage },
  ],
  'a cancellation before it began': [
    { type: 'dispatch-queued', messages: [] },
    { type: 'dispatch-cancelled', reason: null, usage },
  ],
  'a failure': [
    ...begin,
    text('msg_a', 0, 'The'),
    { type: 'message-discarded', messageId: 'msg_a' },
    { type: 'dispatch-failed', error: { code: 'MODEL_UNAVAILABLE', message: 'It is away.' }, usage },
  ],
  'an answer that was cut': [
    ...begin,
    said('msg_a', 'The wide'),
    finished,
    { type: 'dispatch-completed', result: { text: 'The wide', finishReason: 'length' }, usage },
  ],
}

export function entriesOf(events: readonly ChannelEvent[]): readonly LogEntry[] {
  return events.map((event, index) => ({
    offset: index + 1,
    tag: `t${index + 1}`,
    at: 1_700_000_000_000 + index * 1000,
    event,
  }))
}
