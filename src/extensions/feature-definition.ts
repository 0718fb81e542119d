import type { z } from 'zod'
import type { FeatureEffects, Without } from './feature-effects.ts'

/** What one feature adds to the effects of all. */
export type FeatureEffect = Partial<Omit<FeatureEffects, 'without'>> & { readonly without?: Partial<Without> }

export interface Feature {
  readonly optionNames: readonly string[]
  readonly read: (
    options: Readonly<Record<string, unknown>>,
  ) => { readonly effect: FeatureEffect } | { readonly issues: readonly z.core.$ZodIssue[] }
}

/** @param schema is strict: an option that is not known is refused. */
export function withOptions<Schema extends z.ZodObject>(
  schema: Schema,
  effectOf: (options: z.output<Schema>) => FeatureEffect,
): Feature {
  return {
    optionNames: Object.keys(schema.shape),
    read(options) {
      const result = schema.safeParse(options)
      return result.success ? { effect: effectOf(result.data) } : { issues: result.error.issues }
    },
  }
}
