import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { badInput } from '../../../kernel/errors.ts'
import { toGraphQLError } from '../failure.ts'
import { createKnownOperations } from './known-operations.ts'
import { queryTooLarge } from './query-limits.ts'
import { variableIssues } from './variable-issues.ts'

interface OperationArgs {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variableValues?: unknown
}

/**
 * Refuses, before anything is executed, variables that are wrong, with the path of each, and operations that cost too much. A
 * query or mutation whose cost is known goes straight to the executor, which coerces variables anyway; they are looked at here
 * only if it refuses them.
 */
export function useRequestChecks(): Plugin {
  const known = createKnownOperations()
  const refusal = (args: OperationArgs): readonly GraphQLError[] => {
    const wrong = wrongVariables(args)
    if (wrong.length > 0) return wrong
    const { schema, document, operationName } = args
    const tooLarge = queryTooLarge(schema, document, operationName, variablesOf(args))
    return tooLarge === null ? [] : [tooLarge]
  }
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const operation = getOperationAST(args.document, args.operationName)
      const variables = variablesOf(args)
      if (operation == null || !known.has(operation, variables)) {
        const errors = refusal(args)
        if (errors.length > 0) return void setResultAndStopExecution({ errors })
        if (operation != null) known.add(operation, variables)
      }
      return {
        onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result) || !isRefused(result)) return
          const wrong = wrongVariables(args)
          if (wrong.length > 0) setResult({ errors: wrong })
        },
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const errors = refusal(args)
      if (errors.length > 0) setResultAndStopExecution({ errors })
    },
  }
}

/** Nothing was executed: there is no data, not even null. */
function isRefused({ data, errors }: ExecutionResult): boolean {
  return data === undefined && errors !== undefined
}

function wrongVariables(args: OperationArgs): readonly GraphQLError[] {
  const issues = variableIssues(args.schema, args.document, args.operationName, variablesOf(args))
  return issues.length === 0 ? [] : [toGraphQLError(badInput(issues))]
}

function variablesOf({ variableValues }: OperationArgs): Readonly<Record<string, unknown>> {
  return (variableValues ?? {}) as Readonly<Record<string, unknown>>
}
