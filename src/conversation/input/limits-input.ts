import { z } from 'zod'
import { badInput } from '../../kernel/errors.ts'
import type { RaisedLimits } from '../limits.ts'
import { orNull, wholeNumber } from './field.ts'

/** Bounds of what a run may use, inclusive. */
export const limitBounds = {
  iterations: 1000,
  continuations: 1000,
  calls: 100_000,
  /** As much as an Int of GraphQL has room for. */
  tokens: 2_147_483_647,
  cost: 1_000_000_000,
} as const

const money = z
  .number()
  .refine((value) => value > 0 && value <= limitBounds.cost, `takes more than 0 and at most ${limitBounds.cost}`)

const limits = z.object({
  iterations: orNull(wholeNumber(1, limitBounds.iterations)),
  continuations: orNull(wholeNumber(0, limitBounds.continuations)),
  calls: orNull(wholeNumber(0, limitBounds.calls)),
  tokens: orNull(wholeNumber(1, limitBounds.tokens)),
  cost: orNull(money),
  whenReached: orNull(z.enum(['end', 'pause'])),
})

/** As a caller gives them; null: not given. */
export type DispatchLimits = z.output<typeof limits>

const noLimits: DispatchLimits = {
  iterations: null,
  continuations: null,
  calls: null,
  tokens: null,
  cost: null,
  whenReached: null,
}

/** The limits of a dispatch. */
export const limitsInput = limits.nullish().transform((given) => given ?? noLimits)

/** Checks limits that a caller sets anew. Throws BAD_USER_INPUT with the path of every wrong field, and without any limit. */
export function parseRaisedLimits(input: unknown, path: readonly string[]): RaisedLimits {
  const result = limits.safeParse(input)
  if (!result.success) {
    throw badInput(
      result.error.issues.map((issue) => ({ path: [...path, ...issue.path.map(String)], message: issue.message })),
    )
  }
  const given: RaisedLimits = Object.fromEntries(Object.entries(result.data).filter(([, value]) => value !== null))
  if (Object.keys(given).length === 0) throw badInput([{ path, message: 'takes at least one limit' }])
  return given
}
