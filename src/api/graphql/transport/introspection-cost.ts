import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getIntrospectionQuery,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'

/** The approximate length of each introspection list in a schema of this size. Other fields count once. */
const lengths: Readonly<Record<string, number>> = {
  types: 150,
  fields: 10,
  inputFields: 10,
  enumValues: 5,
  possibleTypes: 5,
  args: 3,
  interfaces: 2,
  directives: 5,
  locations: 3,
}

/**
 * Estimates the number of fields in the answer to an introspection query. The complexity of an operation ignores
 * introspection, so we measure it here: hundreds of aliases took half a second each time. Each fragment is measured
 * once, however often it is spread. Validation has passed, so there are no cycles.
 */
export function introspectionCost(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const known = new Map<string, number>()

  /** @param weight the cost of one field. */
  const costOf = ({ selections }: SelectionSetNode, weight: 0 | 1): number => {
    let cost = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) cost += fragmentCost(selection.name.value, weight)
      else if (selection.kind === Kind.INLINE_FRAGMENT) cost += costOf(selection.selectionSet, weight)
      else {
        const { name, selectionSet } = selection
        const inside = weight === 1 || name.value === '__schema' || name.value === '__type' ? 1 : 0
        const below = selectionSet === undefined ? 0 : costOf(selectionSet, inside)
        cost += (inside + below) * (inside === 1 ? (lengths[name.value] ?? 1) : 1)
      }
    }
    return cost
  }
  const fragmentCost = (name: string, weight: 0 | 1): number => {
    const key = `${weight} ${name}`
    const before = known.get(key)
    if (before !== undefined) return before
    const fragment = fragments.get(name)
    const cost = fragment === undefined ? 0 : costOf(fragment.selectionSet, weight)
    known.set(key, cost)
    return cost
  }
  return costOf(operation.selectionSet, 0)
}

/** Twice the cost of the fullest introspection query of graphql-js. Tools ask for less, and only once. */
export const introspectionLimit = 2 * fullestQueryCost()

function fullestQueryCost(): number {
  const document = parse(
    getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  )
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error('The introspection query begins with its operation.')
  return introspectionCost(document, operation)
}
