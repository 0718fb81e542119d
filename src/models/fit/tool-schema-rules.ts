/** What a provider takes as functions. */
export interface ToolSchemaRules {
  /** False: the schema of the arguments must not be a union, or have other conditions, as a whole; it becomes a property. */
  readonly conditionsOnTop: boolean
  /** Names of properties: `any`, or letters, digits, `_`, `.` and `-`, 64 at most. Others are renamed. */
  readonly propertyNames: 'any' | 'letters'
  /** `letter`: a function's name has to begin with one, or with `_`. */
  readonly names: 'any' | 'letter'
  /** False: it refuses to be told which function to call. It is offered that one alone, and asked for it. */
  readonly forcing: boolean
  /** True: an array has to say what its items are. */
  readonly needsItems: boolean
  /** Characters of a function's description; the rest moves into its schema's. */
  readonly description: number
}

export const anyToolSchema: ToolSchemaRules = {
  conditionsOnTop: true,
  propertyNames: 'any',
  names: 'any',
  forcing: true,
  needsItems: false,
  description: Number.POSITIVE_INFINITY,
}
