import type { IncomingMessage } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { Failure } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Context } from '../../services.ts'
import { toGraphQLError } from '../failure.ts'

export interface SubscriptionLimitsOptions {
  /** On one WebSocket connection. 0: no limit. */
  readonly perConnection: number
  /** Of one account in this process, on any transport. 0: no limit. */
  readonly perAccount: number
}

export interface SubscriptionLimits {
  readonly plugin: Plugin<Context & { readonly req: IncomingMessage }>
  /** Counts one more of an account's, as long as it takes to call what it answers. Throws LIMIT_EXCEEDED. */
  take(account: AccountId, connection: object): () => void
}

/** When to try again is not known: when another subscription has ended. */
const retryAfterSeconds = 5

/** One that ends, fails, or whose client leaves, counts no more: each of them ends its iterator. */
export function createSubscriptionLimits({ perConnection, perAccount }: SubscriptionLimitsOptions): SubscriptionLimits {
  const accounts = new Map<AccountId, number>()
  const connections = new WeakMap<object, number>()

  const take: SubscriptionLimits['take'] = (account, connection) => {
    const here = connections.get(connection) ?? 0
    if (perConnection > 0 && here >= perConnection) throw tooMany('This connection', perConnection)
    const all = accounts.get(account) ?? 0
    if (perAccount > 0 && all >= perAccount) throw tooMany('The account', perAccount)
    connections.set(connection, here + 1)
    accounts.set(account, all + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      connections.set(connection, (connections.get(connection) ?? 1) - 1)
      const left = (accounts.get(account) ?? 1) - 1
      if (left === 0) accounts.delete(account)
      else accounts.set(account, left)
    }
  }

  return {
    take,
    plugin: {
      onSubscribe({ args, subscribeFn, setSubscribeFn }) {
        const { principal, req } = args.contextValue
        setSubscribeFn(async (given) => {
          let release: () => void
          try {
            // A WebSocket's operations all have its upgrade as their request.
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
    },
  }
}

function tooMany(who: string, limit: number): Failure {
  const message = `${who} has ${limit} subscriptions open, which is as many as it may have.`
  return new Failure('LIMIT_EXCEEDED', message, { retryAfterSeconds })
}

/** The same iterator; pulls and ends the inner one as it is itself pulled and ended. */
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
