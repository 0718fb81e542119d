import { Kind, type OperationDefinitionNode, type TypeNode } from 'graphql'

/** Of one document. A client asks for pages of a few sizes. */
const mostKnown = 100

/** Operations that were within the limits, so that the same document is measured once for the same page sizes. */
export interface KnownOperations {
  has(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): boolean
  add(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): void
}

/** Cost reads arguments of type Int and nothing else of the variables; a test holds the schema to that. */
export function createKnownOperations(): KnownOperations {
  const known = new WeakMap<OperationDefinitionNode, Set<string>>()
  return {
    has: (operation, variables) => known.get(operation)?.has(sizesIn(operation, variables)) ?? false,
    add(operation, variables) {
      const sizes = known.get(operation) ?? new Set()
      if (sizes.size >= mostKnown) sizes.clear()
      known.set(operation, sizes.add(sizesIn(operation, variables)))
    },
  }
}

/** The variables that cost can depend on, as a text. */
function sizesIn(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string {
  let sizes = ''
  for (const { variable, type } of variableDefinitions) {
    if (nameOfType(type) !== 'Int') continue
    const value = Object.hasOwn(variables, variable.name.value) ? variables[variable.name.value] : undefined
    sizes += ` ${typeof value === 'number' || value === null ? value : typeof value}`
  }
  return sizes
}

function nameOfType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOfType(type.type)
}
