import type { Plugin } from 'graphql-yoga'
import { Failure } from '../../../kernel/errors.ts'
import type { InTurn } from '../../request-turns.ts'
import type { Context } from '../context.ts'
import { toGraphQLError } from '../failure.ts'

/** Operations begin when it is their account's turn. Of a subscription, what leads to its first event counts. */
export function useTurns(inTurn: InTurn): Plugin<Context> {
  const told = (error: unknown) => {
    if (error instanceof Failure) return { errors: [toGraphQLError(error)] }
    throw error
  }
  return {
    onExecute({ executeFn, setExecuteFn, args }) {
      const { account } = args.contextValue.principal
      setExecuteFn((given) => inTurn(account, () => executeFn(given)).catch(told))
    },
    onSubscribe({ subscribeFn, setSubscribeFn, args }) {
      const { account } = args.contextValue.principal
      setSubscribeFn((given) => inTurn(account, () => subscribeFn(given)).catch(told))
    },
  }
}
