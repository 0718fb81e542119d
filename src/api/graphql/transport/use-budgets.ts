import type { ExecutionResult } from 'graphql'
import { getOperationAST } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { Failure } from '../../../kernel/errors.ts'
import { weightOf } from '../../../kernel/weight.ts'
import type { Context } from '../context.ts'
import { toGraphQLError } from '../failure.ts'

/** How large one answer, or one event of a subscription, may be, by `weightOf`. Aliases repeat a text as often as they like. */
const answerWeight = 32_000_000

/** Begins the reads of each operation, and refuses answers that are too large before they are written as JSON. */
export function useBudgets(): Plugin<Context> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      const operation = getOperationAST(document, operationName)
      contextValue.reads.begin(operation?.operation ?? 'query')
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result) && isTooLarge(result)) setResult(refused)
        },
      }
    },
    onSubscribe({ args: { contextValue } }) {
      contextValue.reads.begin('subscription')
      return {
        onSubscribeResult: () => ({
          onNext({ result, setResult }) {
            if (isTooLarge(result)) setResult(refused)
          },
        }),
      }
    },
  }
}

function isTooLarge(result: ExecutionResult): boolean {
  return weightOf(result.data, answerWeight) > answerWeight
}

const message = 'The answer is too large. Ask for fewer fields or shorter pages, or follow the channel.'
const refused: ExecutionResult = { data: null, errors: [toGraphQLError(new Failure('LIMIT_EXCEEDED', message))] }
