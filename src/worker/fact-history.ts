import type { Fact, Recorded } from '../conversation/event.ts'

/** A run's facts as its worker knows them, oldest first. The loop folds `facts` anew each round. */
export interface FactHistory {
  readonly facts: readonly Recorded<Fact>[]
  /** Appends a unit that this worker wrote; `at` is in ms since 1970. */
  add(unit: readonly Fact[], at: number): void
  /** Takes what the store holds instead: others have written to the log as well. */
  replace(facts: readonly Recorded<Fact>[]): void
}

export function createFactHistory(facts: readonly Recorded<Fact>[]): FactHistory {
  let known = [...facts]
  return {
    get facts() {
      return known
    },
    add(unit, at) {
      for (const event of unit) known.push({ at, event })
    },
    replace(facts) {
      known = [...facts]
    },
  }
}
