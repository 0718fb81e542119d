/** What bounds a run's work. */
export interface Limits {
  /** Model calls of any kind. */
  readonly iterations: number
  /** Model calls that go on with an output that was cut short or empty. */
  readonly continuations: number
}

/** The defaults of a dispatch that names none. */
export const defaultLimits: Limits = { iterations: 100, continuations: 20 }

/** An empty answer is asked for again as a continuation, but not for ever. */
export const emptyTurnsInARow = 3
