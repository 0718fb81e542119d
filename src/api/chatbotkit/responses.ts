import { z } from '@hono/zod-openapi'
import { errorCodes } from './refusal.ts'

const errorBody = z
  .object({
    message: z.string(),
    code: z.string().openapi({ description: `One of ${errorCodes.join(', ')}; a failed run's own is its outcome.` }),
  })
  .openapi('Error')

const error = (description: string) => ({ description, content: { 'application/json': { schema: errorBody } } })

/** What any endpoint may answer instead. */
const refusals = {
  400: error('The request is not of the documented form; the message names each field.'),
  401: error('There is no valid credential.'),
  403: error('The credential does not allow this.'),
  404: error('There is no such thing in this account.'),
  409: error('The request contradicts what is already stored.'),
  413: error('The request is larger than the server takes.'),
  422: error('A limit of what is stored is reached.'),
  429: error('A limit of the account is reached: later it may go.'),
  500: error('A defect of the server.'),
  503: error('What the server depends on cannot be reached right now.'),
} as const

export function answers<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { 200: { description, content: { 'application/json': { schema } } }, ...refusals }
}

/** The same, where the client may ask for a stream. */
export function streamedAnswers<Schema extends z.ZodType>(description: string, schema: Schema) {
  const text = { schema: z.string() }
  const content = { 'application/json': { schema }, 'application/jsonl': text, 'text/event-stream': text }
  return { 200: { description, content }, ...refusals }
}

export function streams(description: string) {
  const text = { schema: z.string() }
  return { 200: { description, content: { 'application/jsonl': text, 'text/event-stream': text } }, ...refusals }
}

export const idBody = z.object({ id: z.string() }).openapi('Id')

/** A JSON body that must be there. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: true, content: { 'application/json': { schema } } } } as const
}
