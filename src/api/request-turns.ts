import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'
import { unavailable } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { LoopTurns } from '../kernel/loop-turns.ts'
import { createTurns } from '../kernel/turns.ts'

/**
 * Accounts take turns at this many requests that are worked on at once in a process; of one account that many; further ones
 * wait, up to so many. A turn ends with the work, or after so many ms: what takes longer waits for something else, such as
 * a run's end, and holds nobody up.
 */
export const requestTurns = { places: 16, perAccount: 12, waiting: 2000, turnMs: 50 }

/** The connection of whoever waits. */
type Connection = Pick<Socket, 'closed' | 'once'>

/**
 * Begins the work when it is the account's turn. LIMIT_EXCEEDED if too many requests of the account wait already. Does not
 * begin it if the client has left before: UNAVAILABLE, for nobody.
 */
export type InTurn = <Result>(
  account: AccountId,
  connection: Connection,
  work: () => Result | Promise<Result>,
) => Promise<Result>

export function createInTurn(loopTurns: LoopTurns, options: typeof requestTurns = requestTurns): InTurn {
  const turns = createTurns(options)
  return async (account, connection, work) => {
    const leave = turns.tryEnter(account) ?? (await turns.enter(account, closingOf(connection)))
    let timer: NodeJS.Timeout | undefined
    try {
      await loopTurns.pass(account)
      timer = setTimeout(leave, options.turnMs)
      return await work()
    } finally {
      clearTimeout(timer)
      leave()
    }
  }
}

/** Of each connection on which somebody has waited. */
const closings = new WeakMap<Connection, AbortSignal>()

/** Aborted when the connection closes. Many requests of one connection may wait. */
function closingOf(connection: Connection): AbortSignal {
  const known = closings.get(connection)
  if (known !== undefined) return known
  const abort = new AbortController()
  const giveUp = () => abort.abort(unavailable('The client has left.'))
  if (connection.closed) giveUp()
  else connection.once('close', giveUp)
  setMaxListeners(0, abort.signal)
  closings.set(connection, abort.signal)
  return abort.signal
}
