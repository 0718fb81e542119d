import { z } from 'zod'
import { badInput } from '../../kernel/errors.ts'
import { type MessageType, messageTypes } from '../message.ts'
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

/** What may be said to a run that goes on. The system message is fixed at dispatch; thoughts and activities belong to turns. */
export const steerableTypes: ReadonlySet<MessageType> = new Set(['user', 'bot', 'context', 'instruction', 'checkpoint'])

const addedMessages = messageInputs.superRefine((messages, context) => {
  if (messages.length === 0) context.addIssue({ code: 'custom', message: 'takes at least one message' })
  for (const [index, { type }] of messages.entries()) {
    if (steerableTypes.has(type)) continue
    const message = `takes none of type ${type.toUpperCase()} once the dispatch is accepted`
    context.addIssue({ code: 'custom', path: [index, 'type'], message })
  }
})

/** Checks messages for a run that goes on. Throws BAD_USER_INPUT with the path of every wrong field. */
export function parseAddedMessages(messages: unknown, path: readonly string[]): z.output<typeof messageInputs> {
  const result = addedMessages.safeParse(messages)
  if (result.success) return result.data
  throw badInput(
    result.error.issues.map(({ path: at, message }) => ({
      path: [...path, ...at.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message,
    })),
  )
}
