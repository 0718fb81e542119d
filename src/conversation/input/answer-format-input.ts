import { z } from 'zod'
import type { AnswerFormat } from '../answer-format.ts'
import { characters, orNull } from './field.ts'
import { functionBounds, objectSchema } from './function-input.ts'

/** As OpenAI takes it. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, 'takes A-Z a-z 0-9 _ -')
  .max(functionBounds.name, `takes at most ${functionBounds.name} characters`)

export const answerFormatInput = z
  .object({
    name,
    description: orNull(characters(functionBounds.description)),
    schema: objectSchema,
    isStrict: orNull(z.boolean()),
  })
  .nullish()
  .transform((given): AnswerFormat | null => (given == null ? null : { ...given, isStrict: given.isStrict ?? false }))
