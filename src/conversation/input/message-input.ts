import { z } from 'zod'
import { messageTypes } from '../message.ts'
import { characters, counted, meta, orNull, text } from './field.ts'

export const messageBounds = { messages: 1000, id: 128 } as const

const activity = z.object({
  type: z.enum(['request', 'response']),
  id: z.string().optional(),
  function: z.object({ name: z.string().min(1) }).loose(),
})

const message = z
  .object({ id: orNull(characters(messageBounds.id)), type: z.enum(messageTypes), text, meta: orNull(meta) })
  .superRefine(({ type, meta }, context) => {
    if (type !== 'activity') return
    const result = activity.safeParse(meta?.['activity'])
    if (result.success) return
    context.addIssue({
      code: 'custom',
      path: ['meta', 'activity'],
      message: 'an ACTIVITY message takes {type: "request" or "response", function: {name, arguments, result}} here',
    })
  })

/** A dispatch's messages; their ids are unique. */
export const messageInputs = counted(messageBounds.messages, 'messages')
  .pipe(z.array(message))
  .superRefine((messages, context) => {
    const seen = new Set<string>()
    for (const [index, { id }] of messages.entries()) {
      if (id === null) continue
      if (seen.has(id)) {
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'another message has this id' })
      }
      seen.add(id)
    }
  })
