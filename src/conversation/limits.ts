/** The limits of a run's work. Those that may be absent are then not set. */
export interface Limits {
  /** Model calls of any kind. */
  readonly iterations: number
  /** Model calls that continue an output which was cut or empty. */
  readonly continuations: number
  /** Function calls. Further calls fail. */
  readonly calls: number
  /** Input and output tokens together. */
  readonly tokens?: number
  /** Money, in the unit of MODEL_PRICES. */
  readonly cost?: number
  /** What is done when a limit is used up. Absent: `end`. */
  readonly whenReached?: WhenLimitReached
}

/** `end`: the run completes with what it has. `pause`: it waits, without a worker, until its limits are raised. */
export type WhenLimitReached = 'end' | 'pause'

/** Limits that are set anew while the run goes on. What is absent stays as it is. */
export type RaisedLimits = Partial<Limits>

export type LimitKind = 'iterations' | 'calls' | 'tokens' | 'cost'

/** A limit that is used up. */
export interface ReachedLimit {
  readonly kind: LimitKind
  readonly used: number
  readonly allowed: number
}

/** What pauses a run, and until when. */
export interface PausedBy extends ReachedLimit {
  /** Then the run completes with what it has. In ms since 1970. */
  readonly until: number
}

/** How long a run may be paused. After that it completes with what it has. */
export const longestPauseMs = 30 * 24 * 3_600_000

/** What a paused run waits for once its limits are raised; null: it goes on. The rule of raise.lua. */
export function afterRaise(reached: ReachedLimit, raised: RaisedLimits): ReachedLimit | null {
  const allowed = raised[reached.kind] ?? reached.allowed
  return raised.whenReached === 'end' || allowed > reached.used ? null : { ...reached, allowed }
}

/** Whether a worker of a release before budgets would not hold these limits. */
export function areNewer({ tokens, cost, whenReached }: RaisedLimits): boolean {
  return tokens !== undefined || cost !== undefined || whenReached === 'pause'
}
