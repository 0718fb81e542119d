import { newKey, startRun } from '../../test/support/run/runs.ts'
import { roundCount } from '../report/rounds.ts'
import { median, percentile } from '../report/statistics.ts'
import { withEngine } from './open-store.ts'
import { everyStore, noRounds, type Store } from './stores.ts'
import type { EmbeddedFigure } from './table.ts'

const roundMs = 2000

/**
 * Appends of one delta each, by the engine's port in this process; each of several runs waits for one before it sends the
 * next. Per second, and the time to the answer.
 */
export async function measureAppends(runsAtOnce: number): Promise<readonly EmbeddedFigure[]> {
  const stores = await everyStore()
  const [perSecond, p50, p99] = [noRounds(), noRounds(), noRounds()]
  for (let round = 0; round <= roundCount(5); round++) {
    for (const store of stores) {
      const latencies = await appendFor(store, runsAtOnce)
      if (round === 0) continue
      perSecond[store.name].push((latencies.length / roundMs) * 1000)
      p50[store.name].push(median(latencies))
      p99[store.name].push(percentile(latencies, 0.99))
    }
  }
  for (const store of stores) await store.remove()
  const what = `appends, ${runsAtOnce === 1 ? 'one run' : `${runsAtOnce} runs at once`}`
  return [
    { name: what, unit: 'per s', wanted: runsAtOnce === 1 ? '' : '≥ Redis, always', values: perSecond },
    { name: `${what}, to the answer, p50`, unit: 'ms', wanted: '', values: p50 },
    { name: `${what}, to the answer, p99`, unit: 'ms', wanted: '', values: p99 },
  ]
}

/** The time of each append that was sent within a round, in ms. */
function appendFor(store: Store, runsAtOnce: number): Promise<readonly number[]> {
  return withEngine(store, async ({ workers }) => {
    const runs = await Promise.all(Array.from({ length: runsAtOnce }, () => startRun(workers.runs, newKey())))
    const latencies: number[] = []
    const startedAt = performance.now()
    const isOver = () => performance.now() - startedAt >= roundMs
    await Promise.all(
      runs.map(async (run) => {
        while (!isOver()) {
          const sentAt = performance.now()
          await run.say('word ')
          latencies.push(performance.now() - sentAt)
        }
      }),
    )
    for (const run of runs) await run.finish()
    return latencies
  })
}
