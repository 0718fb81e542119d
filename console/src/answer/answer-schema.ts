import type { FunctionCall } from 'backchannel-client'
import { isObject } from './schema-form.ts'

/**
 * The JSON Schema of the answer to a call, if anybody has said it: the dispatch in `meta.answerSchemas`, by the name of the function, as Try
 * does; or the model in an argument `requestedSchema`, as MCP's elicitation has it.
 */
export function answerSchemaOf({ name, arguments: given }: FunctionCall, meta: unknown): unknown {
  const schemas = isObject(meta) && isObject(meta['answerSchemas']) ? meta['answerSchemas'] : {}
  if (Object.hasOwn(schemas, name)) return schemas[name]
  return isObject(given) ? (given['requestedSchema'] ?? null) : null
}
