import type { ReadDispatch } from '../dispatch/read-dispatch.ts'
import type { LoopTurns } from '../kernel/loop-turns.ts'
import { valueCost } from './loop-costs.ts'

/** The same reading, after which a large dispatch waits for its turn: what follows, such as its digest, is a slice of its own. */
export function pacedReading(read: ReadDispatch, turns: Pick<LoopTurns, 'pass'>): ReadDispatch {
  return async (account, given, path) => {
    const input = await read(account, given, path)
    const cost = valueCost(input)
    if (cost !== undefined) await turns.pass(account, cost)
    return input
  }
}
