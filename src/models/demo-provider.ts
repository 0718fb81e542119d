import { z } from 'zod'
import { createAiSdkModel } from './ai-sdk-model.ts'
import type { Provider } from './catalogue.ts'
import { createDemoModel } from './demo-model.ts'
import { formatModelName } from './model-name.ts'

const settingsSchema = z.strictObject({
  delayMs: wholeNumber(0, 10_000),
  words: wholeNumber(1, 1_000_000),
  maxTokens: wholeNumber(1, 1_000_000),
  reasoning: z
    .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })
    .optional()
    .describe('true or false'),
})

/** The one model `demo`. `sleep` ends early, with any error, when its signal aborts. */
export function createDemoProvider(dependencies: Parameters<typeof createDemoModel>[1]): Provider {
  return {
    id: 'demo',
    models: () => [{ id: 'demo' }],
    open(name, given) {
      if (name !== 'demo') return { kind: 'unknown-model' }
      const parsed = settingsSchema.safeParse(given)
      if (!parsed.success) return { kind: 'bad-setting', problem: problemOf(parsed.error, given) }
      const { maxTokens, ...settings } = parsed.data
      return createAiSdkModel(
        formatModelName({ name, settings: given }),
        createDemoModel(settings, dependencies),
        maxTokens === undefined ? {} : { maxOutputTokens: maxTokens },
      )
    },
  }
}

/** Digits only, no leading zero: two names of one model never differ in how a number is written. */
function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^(0|[1-9][0-9]*)$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .optional()
    .describe(`a whole number from ${min} to ${max}`)
}

/** About the first mistake alone: one sentence, as the other refusals are. */
function problemOf(error: z.ZodError, given: Readonly<Record<string, string>>): string {
  const unknownKey = Object.keys(given).find((key) => !Object.hasOwn(settingsSchema.shape, key))
  if (unknownKey !== undefined) {
    const known = Object.entries(settingsSchema.shape).map(([key, schema]) => `${key} (${schema.description})`)
    return `The model "demo" has no setting ${JSON.stringify(unknownKey)}. It takes ${known.join(', ')}.`
  }
  // Every other mistake is one in the value of a key that there is.
  const key = String(error.issues[0]?.path[0]) as keyof typeof settingsSchema.shape
  return `The model "demo" takes as ${key} ${settingsSchema.shape[key].description}, not ${JSON.stringify(given[key])}.`
}
