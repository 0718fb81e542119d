import {
  coerceInputValue,
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  typeFromAST,
} from 'graphql'
import type { InputIssue } from '../errors.ts'

/**
 * What is wrong with an operation's variables, each with its path from the variable's name. GraphQL's own errors for
 * these have the path in their text only, and no code.
 */
export function variableIssues(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): readonly InputIssue[] {
  const issues: InputIssue[] = []
  for (const { variable, type: typeNode, defaultValue } of getOperationAST(document, operationName)?.variableDefinitions ?? []) {
    const name = variable.name.value
    const type = typeFromAST(schema, typeNode)
    if (!isInputType(type)) continue
    const value = variables[name]
    if (value === undefined) {
      if (isNonNullType(type) && defaultValue === undefined) issues.push({ path: [name], message: 'is required' })
    } else if (value === null && isNonNullType(type)) {
      issues.push({ path: [name], message: 'must not be null' })
    } else {
      coerceInputValue(value, type, (path, _value, error) => {
        issues.push({ path: [name, ...path], message: error.message })
      })
    }
  }
  return issues
}
