/** Abilities never see it: only what their instructions have fields for is used of a call's arguments. */
const justification = 'justification'

const parameter = {
  type: 'string',
  description: 'Why you make this call, in one sentence that the user can understand.',
}

/**
 * A function's parameters with a required `justification`. A function that has a parameter of this name already is left
 * as it is: then it means something of its own.
 */
export function requireJustification(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { properties, required } = parameters
  // A JSON Schema that was checked: these are an object and an array where they are there at all.
  const known = (properties ?? {}) as Readonly<Record<string, unknown>>
  if (Object.hasOwn(known, justification)) return parameters
  return {
    ...parameters,
    properties: { [justification]: parameter, ...known },
    // It may be required already, without being described; a schema that says so twice is none.
    required: [...new Set([justification, ...((required ?? []) as readonly string[])])],
  }
}
