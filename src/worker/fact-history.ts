import type { Fact, Recorded } from '../conversation/event.ts'
import { weightOf } from '../kernel/weight.ts'

/** A run's facts as its worker knows them, oldest first. The loop folds `facts` anew each round. */
export interface FactHistory {
  readonly facts: readonly Recorded<Fact>[]
  /** About how many characters they have. */
  readonly weight: number
  /** Appends a unit that this worker wrote; `at` is in ms since 1970. */
  add(unit: readonly Fact[], at: number): void
  /** Takes what the store holds instead: others have written to the log as well. */
  replace(facts: readonly Recorded<Fact>[]): void
}

/** No log is larger. */
const enough = 64_000_000

export function createFactHistory(facts: readonly Recorded<Fact>[]): FactHistory {
  let known = [...facts]
  let weight = weightOf(facts, enough)
  return {
    get facts() {
      return known
    },
    get weight() {
      return weight
    },
    add(unit, at) {
      for (const event of unit) known.push({ at, event })
      weight += weightOf(unit, enough)
    },
    replace(facts) {
      known = [...facts]
      weight = weightOf(facts, enough)
    },
  }
}
