import { z } from '@hono/zod-openapi'
import { messageTypes } from '../../../conversation/message.ts'
import { clientTimezone } from '../../../kernel/timezone.ts'
import { checkedTimezone } from '../../timezone-header.ts'
import { modelText } from '../stream/model-text.ts'
import { channelIdField, ignoredField, metaField, modelField } from '../stream/wire-field.ts'
import { extensionsField, inputExtensions } from './extensions-body.ts'
import { functionsField, inputFunctions } from './functions-body.ts'

const message = z
  .object({ type: z.enum(messageTypes), text: z.string(), id: z.string().nullish(), meta: metaField })
  .openapi('Message')

const contact = z.object({
  fingerprint: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  nick: z.string().nullish(),
  meta: metaField,
})

const wholeNumber = z.int().nullish()

/**
 * The body of a conversation request. Refuses an unknown key at the top level, as the vendor does: it is a typo, or it asks for
 * something that this server does not do. This schema checks the form; the schema of the use case then checks the bounds.
 */
export const dispatchBody = z
  .strictObject({
    messages: z
      .array(message)
      .openapi({ description: 'The messages, 1 to 1000; none with `continuesUpTo` in a conversation.' }),
    attachments: z.array(z.object({ url: z.string() })).nullish(),
    contactId: z.union([z.string(), contact]).nullish().openapi({
      description:
        'The id of a stored contact, or a contact with a fingerprint, which is created if none has that fingerprint.',
    }),
    functions: functionsField,
    extensions: extensionsField,
    limits: z
      .object({
        iterations: wholeNumber,
        continuations: wholeNumber,
        calls: wholeNumber,
        tokens: wholeNumber,
        cost: z.number().nullish(),
        whenReached: z.enum(['end', 'pause']).nullish(),
      })
      .nullish()
      .openapi({
        description:
          'An addition of ours. Input and output tokens together; money in the unit of MODEL_PRICES. `pause`: the run waits until its limits are raised, over GraphQL.',
      }),
    channelId: channelIdField.nullish().openapi({
      description:
        'Makes the request idempotent: the same id with the same input returns the existing run; with another input it is a 409.',
    }),
    whenBusy: z.enum(['enqueue', 'reject', 'interrupt', 'rollback', 'steer']).nullish().openapi({
      description:
        'What is done while the conversation has a dispatch that has not ended. An addition of ours. Only for a conversation. Default: enqueue. With steer the messages are handed to that dispatch, and the answer is its own.',
    }),
    continuesUpTo: z.string().nullish().openapi({
      description:
        'Only for a conversation: its transcript is taken up to and including the message with this id; what came after it is left out from now on. An addition of ours. With the id of a question and no messages, it is answered again.',
    }),
    meta: metaField,
    botId: z.string().nullish(),
    model: modelField,
    backstory: z.string().nullish(),
    datasetId: z.string().nullish(),
    skillsetId: z.string().nullish(),
    privacy: ignoredField,
    moderation: ignoredField,
    namespace: ignoredField,
    debug: ignoredField,
  })
  .openapi('ConversationRequest')

export type DispatchBody = z.output<typeof dispatchBody>

/** Translates the body into the input that the use case reads. An empty string counts as absent. */
export function inputOf(body: DispatchBody, timezone: string | undefined, conversationId: string | null): object {
  const { contactId } = body
  return {
    messages: body.messages,
    attachments: body.attachments,
    ...(typeof contactId === 'object' ? { contact: contactId } : { contactId: orNone(contactId) }),
    functions: inputFunctions(body.functions),
    extensions: inputExtensions(body.extensions),
    limits: body.limits,
    channelId: orNone(body.channelId),
    conversationId,
    whenBusy: body.whenBusy,
    continuesUpTo: orNone(body.continuesUpTo),
    meta: body.meta,
    botId: orNone(body.botId),
    model: modelText(body.model),
    backstory: orNone(body.backstory),
    datasetId: orNone(body.datasetId),
    skillsetId: orNone(body.skillsetId),
    timezone: timezoneOf(timezone),
  }
}

function orNone(text: string | null | undefined): string | null {
  return text == null || text === '' ? null : text
}

function timezoneOf(header: string | undefined): string | null {
  const name = clientTimezone(header)
  return name === null ? null : checkedTimezone(name)
}
