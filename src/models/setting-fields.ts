import { z } from 'zod'

/**
 * Settings are text inside a model name. The description of each field states its accepted values, for the sentence
 * that refuses a wrong value.
 */
export const settingFields = { wholeNumber, decimal, oneOf }

/** Accepts digits without a leading zero, so that a number has one spelling in model names. */
function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^(0|[1-9][0-9]*)$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .optional()
    .describe(`a whole number from ${min} to ${max}`)
}

/** `1.0` and `1` are equal: the value is a number, and the canonical name is formatted from it. */
function decimal(min: number, max: number) {
  return z
    .string()
    .regex(/^-?[0-9]{1,4}(\.[0-9]{1,10})?$/)
    .transform((text) => Number(text) + 0)
    .pipe(z.number().min(min).max(max))
    .optional()
    .describe(`a number from ${min} to ${max}`)
}

function oneOf<const Value extends string>(values: readonly Value[]) {
  return z
    .enum(values)
    .optional()
    .describe(`one of ${values.join(', ')}`)
}
