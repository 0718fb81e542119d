import { expect, test } from 'vitest'
import type { Message } from '../../src/conversation/message.ts'
import { continuationNotice, toPrompt } from '../../src/conversation/prompt/prompt.ts'

const say = (type: Message['type'], text: string, meta?: Record<string, unknown>): Message => ({
  id: text,
  type,
  text,
  ...(meta === undefined ? {} : { meta }),
})
const request = (name: string, args: unknown) => ({
  activity: { type: 'request', function: { name, arguments: args } },
})
const response = (name: string, result: unknown) => ({ activity: { type: 'response', function: { name, result } } })
const prompt = (messages: Message[], backstory: string | null = null) => toPrompt({ backstory, messages, turns: [] })

test('every message type has its role', () => {
  expect(
    prompt([
      say('backstory', 'You are a clerk.'),
      say('user', 'Hi'),
      say('context', 'It rains.'),
      say('instruction', 'Be brief.'),
      say('reasoning', 'A greeting.'),
      say('bot', 'Hello!'),
      say('checkpoint', 'Greeted.'),
      say('activity', '', request('clock', { zone: 'UTC' })),
      say('activity', '', response('clock', 'noon')),
    ]),
  ).toEqual([
    { role: 'system', text: 'You are a clerk.' },
    { role: 'user', text: 'Hi' },
    { role: 'user', text: 'It rains.' },
    { role: 'user', text: 'Be brief.' },
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'A greeting.' },
        { type: 'text', text: 'Hello!' },
      ],
    },
    { role: 'user', text: 'Checkpoint: Greeted.' },
    { role: 'assistant', parts: [{ type: 'call', callId: 'call_7', name: 'clock', arguments: { zone: 'UTC' } }] },
    { role: 'tool', callId: 'call_7', name: 'clock', result: 'noon' },
  ])
})

test("the dispatch's own backstory wins over messages, and the last message over earlier ones", () => {
  const messages = [say('backstory', 'first'), say('user', 'Hi'), say('backstory', 'second')]
  expect(prompt(messages)[0]).toEqual({ role: 'system', text: 'second' })
  expect(prompt(messages, 'mine')).toEqual([
    { role: 'system', text: 'mine' },
    { role: 'user', text: 'Hi' },
  ])
})

test('messages without text are left out, and so is reasoning without an answer', () => {
  expect(prompt([say('user', '  \n'), say('reasoning', 'Hm.'), say('user', 'Hi'), say('bot', '')])).toEqual([
    { role: 'user', text: 'Hi' },
  ])
})

test('activities without their counterpart are left out; two calls of one function are paired in order', () => {
  const calls = prompt([
    say('activity', '', response('orphan', 1)),
    say('activity', '', request('f', { n: 1 })),
    say('activity', '', request('f', { n: 2 })),
    say('activity', '', response('f', 'one')),
    say('activity', '', response('f', 'two')),
    say('activity', '', request('unanswered', {})),
  ])
  expect(calls).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'call', callId: 'call_1', name: 'f', arguments: { n: 1 } },
        { type: 'call', callId: 'call_2', name: 'f', arguments: { n: 2 } },
      ],
    },
    { role: 'tool', callId: 'call_1', name: 'f', result: 'one' },
    { role: 'tool', callId: 'call_2', name: 'f', result: 'two' },
  ])
})

test('a model whose output was cut is told to continue after its text so far', () => {
  const cut = {
    messages: [say('bot', 'One ')],
    calls: [],
    activity: [],
    added: [],
    finish: 'length',
    isContinuation: false,
  } as const
  expect(toPrompt({ backstory: null, messages: [say('user', 'Count')], turns: [cut] })).toEqual([
    { role: 'user', text: 'Count' },
    { role: 'assistant', parts: [{ type: 'text', text: 'One ' }] },
    { role: 'user', text: continuationNotice },
  ])
})
