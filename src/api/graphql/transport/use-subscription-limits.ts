import type { IncomingMessage } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { Failure } from '../../../kernel/errors.ts'
import type { SubscriptionLimits } from '../../streaming/subscription-limits.ts'
import type { Context } from '../context.ts'
import { toGraphQLError } from '../failure.ts'

/** Counts each subscription until its iterator ends: it completes, fails, or its client leaves. */
export function useSubscriptionLimits({
  take,
}: SubscriptionLimits): Plugin<Context & { readonly req: IncomingMessage }> {
  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const { principal, req } = args.contextValue
      setSubscribeFn(async (given) => {
        let release: () => void
        try {
          // All operations of a WebSocket share its upgrade request.
          release = take(principal.account, req)
        } catch (error) {
          if (error instanceof Failure) return { errors: [toGraphQLError(error)] }
          throw error
        }
        try {
          const result = await subscribeFn(given as typeof args)
          if (isAsyncIterable(result)) return releasing(result as AsyncIterable<ExecutionResult>, release)
          release()
          return result
        } catch (error) {
          release()
          throw error
        }
      })
    },
  }
}

/**
 * Wraps an iterator and releases the count when it ends. It pulls and ends the inner iterator exactly when it is pulled
 * and ended itself.
 */
function releasing<Value>(iterable: AsyncIterable<Value>, release: () => void): AsyncIterableIterator<Value> {
  const inner = iterable[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      try {
        const result = await inner.next()
        if (result.done === true) release()
        return result
      } catch (error) {
        release()
        throw error
      }
    },
    async return(value?: unknown) {
      release()
      return (await inner.return?.(value)) ?? { done: true, value: undefined }
    },
    async throw(error?: unknown) {
      release()
      if (inner.throw === undefined) throw error
      return inner.throw(error)
    },
  }
}
