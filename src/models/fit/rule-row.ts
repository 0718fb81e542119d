import { type Destination, type Match, matches } from './destination.ts'

/** Rules, and where they were read. docs/reference/providers.md has every row. */
export interface RuleRow<Rules> {
  readonly name: string
  readonly match: Match
  readonly rules: Partial<Rules>
  readonly source: string
  /** When the source was read. */
  readonly date: string
}

/** All matching rows apply in order; a later row overrides an earlier one. */
export function applied<Rules extends object>(base: Rules, rows: readonly RuleRow<Rules>[], to: Destination): Rules {
  return Object.assign({}, base, ...rows.filter(({ match }) => matches(match, to)).map(({ rules }) => rules))
}
