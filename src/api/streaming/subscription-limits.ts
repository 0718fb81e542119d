import { Failure } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'

export interface SubscriptionLimitsOptions {
  /** The limit per connection. 0: no limit. */
  readonly perConnection: number
  /** The limit per account in this process, across all APIs and transports. 0: no limit. */
  readonly perAccount: number
}

export interface SubscriptionLimits {
  /** Counts one more subscription of the account; the returned function releases it. Throws LIMIT_EXCEEDED. */
  take(account: AccountId, connection: object): () => void
}

/** A guess: another subscription must end first, and nothing tells when. */
const retryAfterSeconds = 5

export function createSubscriptionLimits({ perConnection, perAccount }: SubscriptionLimitsOptions): SubscriptionLimits {
  const accounts = new Map<AccountId, number>()
  const connections = new WeakMap<object, number>()

  return {
    take(account, connection) {
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
    },
  }
}

function tooMany(who: string, limit: number): Failure {
  const message = `${who} has ${limit} subscriptions open, which is as many as it may have.`
  return new Failure('LIMIT_EXCEEDED', message, { retryAfterSeconds })
}
