import { z } from 'zod'

const part = z.looseObject({ type: z.string() })

const message = z.looseObject({
  id: z.string().min(1).max(128),
  role: z.enum(['system', 'user', 'assistant']),
  parts: z.array(part).max(10_000),
})

/** A function with a JSON Schema. Without `result` the client gives the answer, in the tool part of its next request. */
const clientFunction = z
  .looseObject({ name: z.string(), result: z.unknown().optional() })
  .transform(({ result, ...rest }) => ({ ...rest, result: result === undefined ? { await: true } : result }))

/**
 * What DefaultChatTransport sends, and beside it the fields of a dispatch. Only the newest message is read; the conversation keeps its own
 * history. The use case checks the fields of the dispatch.
 */
export const chatBody = z.strictObject({
  id: z.string(),
  messages: z
    .array(z.unknown())
    .max(100_000)
    .transform((all) => all.at(-1))
    .pipe(message),
  trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message'),
  messageId: z.string().nullish(),
  /** Workflow's transport counts chunks, to go on behind those that it has. */
  startIndex: z.literal(0).optional(),
  botId: z.unknown().optional(),
  model: z.unknown().optional(),
  backstory: z.unknown().optional(),
  datasetId: z.unknown().optional(),
  skillsetId: z.unknown().optional(),
  contactId: z.unknown().optional(),
  functions: z.array(clientFunction).nullish(),
  answerFormat: z.unknown().optional(),
  limits: z.unknown().optional(),
  timezone: z.unknown().optional(),
  meta: z.unknown().optional(),
  whenBusy: z.unknown().optional(),
})

export type ChatBody = z.output<typeof chatBody>
export type UiMessage = ChatBody['messages']

/** The fields that go to the dispatch as they are. */
export function dispatchFields({ id: _id, messages, trigger, messageId, startIndex, ...fields }: ChatBody): object {
  return fields
}
