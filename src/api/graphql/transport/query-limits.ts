import { complexityFromQuery } from '@pothos/plugin-complexity'
import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST, Kind } from 'graphql'
import { introspectionCost, introspectionLimit } from './introspection-cost.ts'

/** Limits far above the needs of clients and far below what would hurt. A list counts its length, or 10 if unknown. */
export const queryLimits = { depth: 15, breadth: 500, complexity: 30_000, tokens: 5000 } as const

/** Returns why an operation is refused, or null. `variables` must be valid. */
export function queryTooLarge(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | null {
  const operation = getOperationAST(document, operationName)
  if (operation == null) return null
  if (introspectionCost(document, operation) > introspectionLimit) {
    const message =
      'The operation asks too much about the schema: at most what two introspection queries ask is allowed.'
    return new GraphQLError(message, { nodes: [operation], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
  }
  // The plugin would measure the first operation of the document, not necessarily the one to execute.
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  const measured = complexityFromQuery(
    { ...document, definitions: [operation, ...fragments] },
    { schema, variables: { ...variables } },
  )
  for (const measure of ['depth', 'breadth', 'complexity'] as const) {
    if (measured[measure] <= queryLimits[measure]) continue
    const message = `The ${measure} of this operation is ${measured[measure]}; at most ${queryLimits[measure]} is allowed.`
    return new GraphQLError(message, { nodes: [operation], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
  }
  return null
}
