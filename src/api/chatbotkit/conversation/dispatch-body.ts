import { z } from '@hono/zod-openapi'
import { type DispatchInput, parseDispatchInput } from '../../../conversation/dispatch-input.ts'
import { messageTypes } from '../../../conversation/message.ts'
import { badInput } from '../../../kernel/errors.ts'
import { isTimezone } from '../../../kernel/timezone.ts'
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
 * What the compatible API takes for a conversation. An unknown key at the top is refused, as the vendor does: it is a slip, or
 * asks for what is not done here. The use case's own schema looks at all of it once more, for its bounds.
 */
export const dispatchBody = z
  .strictObject({
    messages: z.array(message).min(1).openapi({ description: 'At most 1000.' }),
    attachments: z.array(z.object({ url: z.string() })).nullish(),
    contactId: z
      .union([z.string(), contact])
      .nullish()
      .openapi({ description: 'A stored contact, or one by its fingerprint: created where there is none.' }),
    functions: functionsField,
    extensions: extensionsField,
    limits: z.object({ iterations: wholeNumber, continuations: wholeNumber, calls: wholeNumber }).nullish(),
    channelId: channelIdField.nullish().openapi({
      description:
        'Makes the request idempotent: the same id with the same input is one run, with another input a 409.',
    }),
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

/** The body as the use case takes it; BAD_USER_INPUT for what it does not take. '' counts as not given. */
export function inputOf(body: DispatchBody, timezone: string | undefined): DispatchInput {
  const { contactId } = body
  return parseDispatchInput(
    {
      messages: body.messages,
      attachments: body.attachments,
      ...(typeof contactId === 'object' ? { contact: contactId } : { contactId: orNone(contactId) }),
      functions: inputFunctions(body.functions),
      extensions: inputExtensions(body.extensions),
      limits: body.limits,
      channelId: orNone(body.channelId),
      botId: orNone(body.botId),
      model: modelText(body.model),
      backstory: orNone(body.backstory),
      datasetId: orNone(body.datasetId),
      skillsetId: orNone(body.skillsetId),
      timezone: timezoneOf(timezone),
    },
    [],
  )
}

function orNone(text: string | null | undefined): string | null {
  return text == null || text === '' ? null : text
}

function timezoneOf(header: string | undefined): string | null {
  if (header === undefined || header === '') return null
  if (isTimezone(header)) return header
  throw badInput([{ path: ['X-Timezone'], message: 'takes an IANA name of a time zone, such as Europe/Berlin' }])
}
