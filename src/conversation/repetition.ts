import { digest } from './digest.ts'
import type { Turn } from './fold.ts'

/** A pattern that has been repeated so often, after its first time, is a loop. */
const repetitions = 2
/** Turns that a pattern may have. */
const longestPattern = 4

/**
 * Whether the last turns have asked for the same calls with the same arguments over and over: one turn three times
 * in a row, or a pattern of a few turns. What the model said beside them does not matter.
 */
export function repeatsItself(turns: readonly Turn[]): boolean {
  const recent = turns.slice(-longestPattern * (repetitions + 1))
  if (recent.at(-1)?.calls.length === 0) return false
  const signatures = recent.map(({ calls }) => digest(calls.map(({ call }) => [call.name, call.arguments])))
  const isPattern = (length: number) => {
    const span = signatures.slice(-length * (repetitions + 1))
    if (span.length < length * (repetitions + 1)) return false
    const withCalls = recent.slice(-span.length).every(({ calls }) => calls.length > 0)
    return withCalls && span.every((signature, index) => signature === span[index % length])
  }
  return Array.from({ length: longestPattern }, (_, index) => index + 1).some(isPattern)
}
