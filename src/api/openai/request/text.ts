import { z } from 'zod'
import { optional } from './parameter.ts'

const plain = z.strictObject({ type: z.literal('text') })
const jsonSchema = z.strictObject({
  type: z.literal('json_schema'),
  name: z.string(),
  description: optional(z.string()),
  schema: z.record(z.string(), z.unknown()),
  strict: optional(z.boolean()),
})
const format = z.discriminatedUnion('type', [plain, jsonSchema], 'takes "text" or "json_schema" here')

export const text = z.strictObject({ format: format.nullish(), verbosity: optional(z.string()) }).nullish()

/** The form of the answer as a dispatch takes it; null: text. */
export function answerFormatOf(given: z.output<typeof text>): object | null {
  const wanted = given?.format
  if (wanted?.type !== 'json_schema') return null
  const { name, description, schema, strict } = wanted
  return { name, description, schema, isStrict: strict }
}
