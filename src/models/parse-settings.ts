import type { z } from 'zod'
import type { ModelProblem } from './catalogue.ts'

export type GivenSettings = Readonly<Record<string, string>>

/** Reports only the first mistake, in one sentence like other refusals. */
export function parseSettings<Schema extends z.ZodObject>(
  schema: Schema,
  { model, given }: { readonly model: string; readonly given: GivenSettings },
): { readonly values: z.output<Schema> } | Extract<ModelProblem, { kind: 'bad-setting' }> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return { values: parsed.data }
  const described = (key: string) => (schema.shape[key] as z.ZodType | undefined)?.description
  const named = JSON.stringify(model)

  const unknownKey = Object.keys(given).find((key) => !Object.hasOwn(schema.shape, key))
  if (unknownKey !== undefined) {
    const known = Object.keys(schema.shape).map((key) => `${key} (${described(key)})`)
    const problem = `The model ${named} has no setting ${JSON.stringify(unknownKey)}. It takes ${known.join(', ')}.`
    return { kind: 'bad-setting', problem }
  }
  // Any other mistake is in the value of a known key.
  const key = String(parsed.error.issues[0]?.path[0])
  const problem = `The model ${named} takes as ${key} ${described(key)}, not ${JSON.stringify(given[key])}.`
  return { kind: 'bad-setting', problem }
}
