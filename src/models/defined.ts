/** Without the keys whose value is undefined, for options that must be absent rather than undefined. */
export function defined<Values extends object>(values: Values): Defined<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  // The cast holds because nothing but the undefined ones is left out.
  return Object.fromEntries(entries) as Defined<Values>
}

type Defined<Values> = { readonly [Key in keyof Values]?: Exclude<Values[Key], undefined> }
