import { digest } from './digest.ts'
import type { Turn } from './fold.ts'

/** Repetitions of a pattern, after its first time, that make it a loop. */
const repetitions = 2
/** In turns. */
const longestPattern = 4

/**
 * Whether the last turns have repeated the same calls with the same arguments: one turn three times in a row, or a pattern
 * of a few turns three times. The text beside the calls does not matter.
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
