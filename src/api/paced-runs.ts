import type { RunStore } from '../dispatch/run-store.ts'
import { atPlace, createTurns } from '../kernel/turns.ts'

/** Readers of an account wait for each other, and are never refused. */
const recordTurns = { places: 32, perAccount: 8, waiting: Number.POSITIVE_INFINITY }
/** Records that are read at once. */
const recordsAtOnce = 16

/**
 * The same runs, of which each account reads so many at once. A record has the result, and facts have all that was said: hundreds of
 * them at once are more than the connection to the store carries within its time, and are parsed in one go.
 */
export function readRunsInTurn<Runs extends Pick<RunStore, 'find' | 'facts'>>(runs: Runs): Runs {
  const turns = createTurns(recordTurns)
  return {
    ...runs,
    async find(keys) {
      const found: Awaited<ReturnType<RunStore['find']>>[number][] = []
      for (let at = 0; at < keys.length; at += recordsAtOnce) {
        const some = keys.slice(at, at + recordsAtOnce)
        found.push(...(await atPlace(turns, some[0]?.account ?? '', () => runs.find(some))))
      }
      return found
    },
    facts: (key) => atPlace(turns, key.account, () => runs.facts(key)),
  }
}
