import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST, Kind } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { Failure, type FailureCode, failures } from '../../../kernel/errors.ts'
import type { RequestObserver } from '../../streaming/request-observer.ts'
import { introspection, several } from '../operation-names.ts'

/**
 * Tells of each operation that is executed, by its name in `operationNames`, over every transport. Of a subscription: whether it
 * began. Documents that do not parse or are not valid are no operations. It stands first, so that it sees refusals of the others.
 */
export function useOperationCounts(answered: RequestObserver['answered']): Plugin {
  const tell = ({ document, operationName }: OperationArgs, result: unknown) => {
    if (isAsyncIterable(result)) return answered(nameOf(document, operationName), null)
    const [error] = (result as ExecutionResult).errors ?? []
    answered(nameOf(document, operationName), error === undefined ? null : codeOf(error))
  }
  return {
    onExecute: ({ args }) => ({ onExecuteDone: ({ result }) => tell(args, result) }),
    onSubscribe: ({ args }) => ({ onSubscribeResult: ({ result }) => tell(args, result) }),
  }
}

interface OperationArgs {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
}

function nameOf(document: DocumentNode, operationName: string | null | undefined): string {
  const [field, ...more] = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  if (field?.kind !== Kind.FIELD || more.length > 0) return several
  return field.name.value.startsWith('__') ? introspection : field.name.value
}

/** Errors are not masked yet. One that has no code and is GraphQL's own says that the variables are wrong. */
function codeOf({ extensions, originalError }: GraphQLError): FailureCode {
  const code = String(extensions['code'])
  if (Object.hasOwn(failures, code)) return code as FailureCode
  if (originalError instanceof Failure) return originalError.code
  return originalError === undefined || originalError instanceof GraphQLError ? 'BAD_USER_INPUT' : 'INTERNAL'
}
