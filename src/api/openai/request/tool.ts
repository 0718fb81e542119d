import { z } from 'zod'

const functionTool = z.strictObject({
  type: z.literal(
    'function',
    'takes nothing but "function" here: abilities of a skillset are what this server carries out itself',
  ),
  name: z.string(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  // Arguments are checked against the schema in any case.
  strict: z.boolean().nullish(),
})

export const tools = z.array(functionTool).nullish()

export const toolChoice = z
  .union(
    [z.enum(['auto', 'none']), z.strictObject({ type: z.literal('function'), name: z.string() })],
    'takes "auto", "none" or {"type": "function", "name": …} here',
  )
  .nullish()

/** The functions of a dispatch. The run ends when the model calls one, and the client goes on with its output. */
export function functionsOf(
  given: z.output<typeof tools>,
  choice: z.output<typeof toolChoice>,
): readonly Readonly<Record<string, unknown>>[] {
  if (choice === 'none') return []
  const forced = typeof choice === 'object' ? choice?.name : undefined
  return (given ?? []).map(({ name, description, parameters }) => ({
    name,
    description: description == null || description === '' ? name : description,
    parameters: parameters ?? { type: 'object', properties: {} },
    ...(name === forced && { call: { start: true } }),
  }))
}
