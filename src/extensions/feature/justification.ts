/** Abilities ignore this argument: an instruction uses only the arguments it has fields for. */
const justification = 'justification'

const parameter = {
  type: 'string',
  description: 'Why you make this call, in one sentence that the user can understand.',
}

/**
 * Adds a required `justification` to the parameters of a function. Leaves a function alone that already has a parameter
 * of this name, because it has its own meaning.
 */
export function requireJustification(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { properties, required } = parameters
  // The schema has been validated, so these are an object and an array if they exist.
  const known = (properties ?? {}) as Readonly<Record<string, unknown>>
  if (Object.hasOwn(known, justification)) return parameters
  return {
    ...parameters,
    properties: { [justification]: parameter, ...known },
    // A Set, because the schema may already require the name without describing it, and a duplicate in `required` is
    // invalid.
    required: [...new Set([justification, ...((required ?? []) as readonly string[])])],
  }
}
