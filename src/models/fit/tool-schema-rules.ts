/** What a provider accepts as functions. */
export interface ToolSchemaRules {
  /** False: the top of the arguments' schema must not be a union or have other conditions; the schema becomes a property. */
  readonly conditionsOnTop: boolean
  /** Names of properties: `any`, or letters, digits, `_`, `.` and `-`, 64 at most. Others are renamed. */
  readonly propertyNames: 'any' | 'letters'
  /** False: a schema for the names of properties (`propertyNames`) is left out. */
  readonly schemaOfNames: boolean
  /** `letter`: a function's name has to begin with one, or with `_`. */
  readonly names: 'any' | 'letter'
  /** False: it refuses to be told which function to call. It is offered only that one, and asked to call it. */
  readonly forcing: boolean
  /** True: an array must declare its items. */
  readonly needsItems: boolean
  /** True: each schema names its type; alternatives name theirs, and nothing stands beside them or a reference. */
  readonly typed: boolean
  /** True: `const`, exclusive bounds, and values that are no texts are said in the words of OpenAPI 3.0. */
  readonly openApi: boolean
  /** Characters of a function's description; the rest moves into its schema's. */
  readonly description: number
}

export const anyToolSchema: ToolSchemaRules = {
  conditionsOnTop: true,
  propertyNames: 'any',
  schemaOfNames: true,
  names: 'any',
  forcing: true,
  needsItems: false,
  typed: false,
  openApi: false,
  description: Number.POSITIVE_INFINITY,
}
