import { expect, test } from 'vitest'
import { endUserEvent } from '../../src/conversation/end-user-view.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import type { Message } from '../../src/conversation/message.ts'

const said: Message = { id: 'm1', type: 'bot', text: 'Hello.' }
const order: Message = { id: 'm2', type: 'instruction', text: 'Never say so.' }

test('an end user sees messages without content meant only for the model', () => {
  expect(endUserEvent({ type: 'dispatch-queued', messages: [order, said] })).toEqual({
    type: 'dispatch-queued',
    messages: [said],
  })
  expect(endUserEvent({ type: 'message-completed', message: said })).toEqual({
    type: 'message-completed',
    message: said,
  })
  expect(endUserEvent({ type: 'message-completed', message: order })).toBeNull()
})

test('an end user does not see unknown kinds of events', () => {
  // As a newer release writes it, while both serve one Redis.
  const unknown = { type: 'note-written', note: 'For the model alone.' } as unknown as ChannelEvent
  expect(endUserEvent(unknown)).toBeNull()
})
