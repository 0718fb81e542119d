/** Removes keys whose value is undefined, for options that must be absent rather than undefined. */
export function defined<Values extends object>(values: Values): Defined<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  // The cast holds because only undefined values are removed.
  return Object.fromEntries(entries) as Defined<Values>
}

type Defined<Values> = { readonly [Key in keyof Values]?: Exclude<Values[Key], undefined> }
