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

/** A body can hold a million mistakes, and one value of megabytes: the answer stays small. */
const maxIssues = 50
const longestMessage = 500

/**
 * What is wrong with an operation's variables, each with its path from the variable's name; the first of them where they
 * are many. GraphQL's own errors for these have the path in their text only, and no code.
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
