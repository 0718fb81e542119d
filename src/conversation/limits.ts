/** What bounds a run's work. */
export interface Limits {
  /** Model calls of any kind. */
  readonly iterations: number
  /** Model calls that go on with an output that was cut short or empty. */
  readonly continuations: number
  /** Function calls that are carried out; those asked for beyond it fail. */
  readonly calls: number
}

/** An empty answer is asked for again as a continuation, but not for ever. */
export const emptyTurnsInARow = 3
