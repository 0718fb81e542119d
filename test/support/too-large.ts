import { type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql'
import { schema } from '../../src/api/graphql/schema.ts'
import { queryTooLarge } from '../../src/api/graphql/transport/query-limits.ts'

/** Each operation of a document that the service would refuse for its size, and why. Pages are as long as is said, where their length is a variable. */
export function tooLarge(document: DocumentNode, first: number): readonly string[] {
  // What a variable holds beside a length does not count, so none is required.
  const lenient = visit(document, {
    VariableDefinition: ({ type, ...definition }) => ({
      ...definition,
      type: type.kind === Kind.NON_NULL_TYPE ? type.type : type,
    }),
  })
  const isOperation = ({ kind }: { kind: string }) => kind === Kind.OPERATION_DEFINITION
  return (lenient.definitions.filter(isOperation) as OperationDefinitionNode[]).flatMap(({ name }) => {
    const refusal = queryTooLarge(schema, lenient, name?.value, { first })
    return refusal === null ? [] : [`${name?.value}: ${refusal.message}`]
  })
}
