import type { AccountId } from '../kernel/ids.ts'
import { createTurns } from '../kernel/turns.ts'

/**
 * Accounts take turns at this many requests that are worked on at once in a process; of one account that many; further ones
 * wait, up to so many. A turn ends with the work, or after so many ms: what takes longer waits for something else, such as
 * a run's end, and holds nobody up.
 */
export const requestTurns = { places: 16, perAccount: 12, waiting: 2000, turnMs: 50 }

/** Begins the work when it is the account's turn. LIMIT_EXCEEDED if too many requests of the account wait already. */
export type InTurn = <Result>(account: AccountId, work: () => Result | Promise<Result>) => Promise<Result>

export function createInTurn(options: typeof requestTurns = requestTurns): InTurn {
  const turns = createTurns(options)
  return async (account, work) => {
    const leave = await turns.enter(account)
    const timer = setTimeout(leave, options.turnMs)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      leave()
    }
  }
}
