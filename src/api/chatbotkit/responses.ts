import { z } from '@hono/zod-openapi'
import { errorCodes } from './refusal.ts'

const errorBody = z
  .object({
    message: z.string(),
    code: z
      .string()
      .openapi({ description: `One of ${errorCodes.join(', ')}; for a failed run, the code of its outcome.` }),
  })
  .openapi('Error')

const error = (description: string) => ({ description, content: { 'application/json': { schema: errorBody } } })

/** The errors that any endpoint may answer with. */
const refusals = {
  400: error('The request does not have the documented form; the message names every wrong field.'),
  401: error('The request has no valid credential.'),
  403: error('The credential does not allow this.'),
  404: error('The account has no such resource.'),
  409: error('The request conflicts with what is already stored.'),
  413: error('The request is larger than the server accepts.'),
  422: error('A limit on stored data is reached; retrying does not help.'),
  429: error('A limit of the account is reached; retrying later may help.'),
  500: error('The server has a defect.'),
  503: error('The server cannot reach something it depends on; retrying later may help.'),
} as const

export function answers<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { 200: { description, content: { 'application/json': { schema } } }, ...refusals }
}

/** The same for an endpoint that can also answer with a stream. */
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

/** A required JSON body. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: true, content: { 'application/json': { schema } } } } as const
}
