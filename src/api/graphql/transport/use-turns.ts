import type { IncomingMessage } from 'node:http'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { Failure } from '../../../kernel/errors.ts'
import { valueCost } from '../../loop-costs.ts'
import type { InTurn } from '../../request-turns.ts'
import type { Context } from '../context.ts'
import { toGraphQLError } from '../failure.ts'

/** Operations begin when it is their account's turn. Of a subscription, what leads to its first event counts. */
export function useTurns(inTurn: InTurn): Plugin<Context & { readonly req: IncomingMessage }> {
  const told = (error: unknown) => {
    if (error instanceof Failure) return { errors: [toGraphQLError(error)] }
    throw error
  }
  return {
    onExecute({ executeFn, setExecuteFn, args }) {
      const { principal, req, loopTurns } = args.contextValue
      const execute = async (given: unknown) => {
        const result = await executeFn(given as typeof args)
        // Writing a large answer is a slice of its own.
        const cost = isAsyncIterable(result) ? undefined : valueCost(result.data)
        if (cost !== undefined) await loopTurns.pass(principal.account, cost)
        return result
      }
      setExecuteFn((given) => inTurn(principal.account, req.socket, () => execute(given)).catch(told))
    },
    onSubscribe({ subscribeFn, setSubscribeFn, args }) {
      const { principal, req } = args.contextValue
      setSubscribeFn((given) => inTurn(principal.account, req.socket, () => subscribeFn(given)).catch(told))
    },
  }
}
