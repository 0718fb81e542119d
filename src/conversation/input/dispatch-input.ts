import { z } from 'zod'
import { badInput } from '../../kernel/errors.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { isZoneOrOffset } from '../../kernel/timezone.ts'
import { answerFormatInput } from './answer-format-input.ts'
import { dispatchContact, extensionsInput } from './extensions-input.ts'
import {
  channelId,
  characters,
  conversationId,
  counted,
  deepestMeta,
  longestText,
  meta,
  orNull,
  text,
  wholeNumber,
} from './field.ts'
import { functionInputs } from './function-input.ts'
import { limitBounds, limitsInput } from './limits-input.ts'
import { messageBounds, messageInputs } from './message-input.ts'

/** The bounds of a dispatch's input, inclusive. */
export const inputBounds = {
  messages: messageBounds.messages,
  /** UTF-16 code units of the reason for a cancellation. */
  reason: 1000,
  /** UTF-16 code units of one text. */
  text: longestText,
  messageId: messageBounds.id,
  model: 500,
  /** Nesting of objects and arrays in a message's `meta`: writing it as JSON recurses. */
  metaDepth: deepestMeta,
  /** UTF-16 code units of a dispatch's own `meta`, as JSON. */
  meta: 16_000,
  ...limitBounds,
  /** Two weeks. A timer of Node holds 24 days at most. */
  timeoutSeconds: 14 * 24 * 3600,
  notBeforeDays: 366,
  /** And as much below 0. */
  priority: 100,
  attachments: 20,
  /** UTF-16 code units. */
  url: 4096,
} as const

const url = z
  .url({ protocol: /^https?$/, error: 'takes an http:// or https:// URL' })
  .max(inputBounds.url, `takes at most ${inputBounds.url} characters`)

/** One shape for every API. Null and absent mean the same, so a retry with either is the same dispatch. */
const dispatchInput = z
  .object({
    messages: messageInputs,
    continues: orNull(channelId),
    continuesUpTo: orNull(characters(messageBounds.id)),
    conversationId: orNull(conversationId),
    whenBusy: orNull(z.enum(['enqueue', 'reject', 'interrupt', 'rollback', 'steer'])),
    channelId: orNull(channelId),
    model: orNull(characters(inputBounds.model)),
    backstory: orNull(text),
    botId: orNull(z.string()),
    datasetId: orNull(z.string()),
    skillsetId: orNull(z.string()),
    contactId: orNull(z.string()),
    contact: orNull(dispatchContact),
    meta: orNull(
      meta.refine(
        (value) => stringifyJson(value).length <= inputBounds.meta,
        `takes at most ${inputBounds.meta} characters as JSON`,
      ),
    ),
    webhookId: orNull(z.string()),
    extensions: extensionsInput,
    attachments: counted(inputBounds.attachments, 'attachments')
      .pipe(z.array(z.object({ url })))
      .nullish()
      .transform((attachments) => attachments ?? []),
    // GraphQL's own type takes no offsets in the field.
    timezone: orNull(z.string().refine(isZoneOrOffset, 'takes an IANA name of a time zone, such as Europe/Berlin')),
    functions: functionInputs.nullish().transform((functions) => functions ?? []),
    answerFormat: answerFormatInput,
    limits: limitsInput,
    priority: orNull(wholeNumber(-inputBounds.priority, inputBounds.priority)).transform((priority) => priority ?? 0),
    notBefore: orNull(z.date()),
    timeoutSeconds: orNull(wholeNumber(1, inputBounds.timeoutSeconds)),
    /** Not for callers: their API says what it is to send back. */
    echo: orNull(z.record(z.string(), z.unknown())),
  })
  .superRefine(({ messages, continues, continuesUpTo, conversationId, whenBusy, contactId, contact }, context) => {
    const goesOn = continues !== null || (conversationId !== null && continuesUpTo !== null)
    if (messages.length === 0 && !goesOn) {
      context.addIssue({
        code: 'custom',
        path: ['messages'],
        message:
          'takes at least one message, unless `continues` names a dispatch to go on from, or `continuesUpTo` a message of the conversation',
      })
    }
    if (conversationId !== null && continues !== null) {
      context.addIssue({
        code: 'custom',
        path: ['continues'],
        message: 'takes the place of `conversationId`: give one of them',
      })
    }
    if (continuesUpTo !== null && continues === null && conversationId === null) {
      const message = 'is about a transcript: give `continues` or `conversationId`'
      context.addIssue({ code: 'custom', path: ['continuesUpTo'], message })
    }
    if (whenBusy !== null && conversationId === null) {
      context.addIssue({
        code: 'custom',
        path: ['whenBusy'],
        message: 'is about a conversation: give `conversationId`',
      })
    }
    if (contactId !== null && contact !== null) {
      context.addIssue({
        code: 'custom',
        path: ['contact'],
        message: 'takes the place of `contactId`: give one of them',
      })
    }
  })

export type DispatchInput = z.output<typeof dispatchInput>

/** Checks the input of an API. Throws BAD_USER_INPUT with the path of every wrong field. */
export function parseDispatchInput(input: unknown, path: readonly string[]): DispatchInput {
  const result = dispatchInput.safeParse(input)
  if (result.success) return result.data
  throw badInput(
    result.error.issues.map((issue) => ({
      path: [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message: issue.message,
    })),
  )
}
