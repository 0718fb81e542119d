import type { ReadDispatch } from '../dispatch/read-dispatch.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { LoopTurns } from '../kernel/loop-turns.ts'
import type { Datasets } from '../store/datasets.ts'
import { valueCost } from './loop-costs.ts'

/** The same reading, after which a large dispatch waits for its turn: what follows, such as its digest, is a slice of its own. */
export function pacedReading(read: ReadDispatch, turns: Pick<LoopTurns, 'pass'>): ReadDispatch {
  return async (account, given, path) => {
    const input = await read(account, given, path)
    await turnFor(turns, account, input)
    return input
  }
}

/** The same datasets: many records are written in another slice than the one in which they were read. */
export function pacedDatasets(datasets: Datasets, turns: Pick<LoopTurns, 'pass'>): Datasets {
  return {
    ...datasets,
    async create(account, input) {
      await turnFor(turns, account, input)
      return datasets.create(account, input)
    },
    async update(account, id, input) {
      await turnFor(turns, account, input)
      return datasets.update(account, id, input)
    },
  }
}

/** Undefined at once for what is small. */
function turnFor(turns: Pick<LoopTurns, 'pass'>, account: AccountId, value: unknown): Promise<void> | undefined {
  const cost = valueCost(value)
  return cost === undefined ? undefined : turns.pass(account, cost)
}
