import {
  coerceInputValue,
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  typeFromAST,
} from 'graphql'
import { cutText } from '../../../kernel/cut-text.ts'
import type { InputIssue } from '../../../kernel/errors.ts'

/** Bounds the answer: a body may contain a hundred thousand mistakes, and a single value may have megabytes. */
const maxIssues = 50
const longestMessage = 500

/**
 * The issues of an operation's variables, each with its path from the name of the variable; the first ones if there are
 * many. GraphQL's own errors have the path only in their text, and no code.
 */
export function variableIssues(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): readonly InputIssue[] {
  const issues: InputIssue[] = []
  const enough = Symbol('enough issues')
  const add = (path: InputIssue['path'], message: string) => {
    issues.push({ path, message: message.length > longestMessage ? `${cutText(message, longestMessage)}…` : message })
    if (issues.length === maxIssues) throw enough
  }
  try {
    for (const { variable, type: typeNode, defaultValue } of getOperationAST(document, operationName)
      ?.variableDefinitions ?? []) {
      const name = variable.name.value
      const type = typeFromAST(schema, typeNode)
      if (!isInputType(type)) continue
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined
      if (value === undefined) {
        if (isNonNullType(type) && defaultValue === undefined) add([name], 'is required')
      } else if (value === null && isNonNullType(type)) {
        add([name], 'must not be null')
      } else {
        coerceInputValue(value, type, (path, _value, error) => add([name, ...path], error.message))
      }
    }
  } catch (error) {
    if (error !== enough) throw error
  }
  return issues
}
