import type { RunStore } from '../../src/dispatch/run-store.ts'
import { newKey, newRun, startRun } from '../../test/support/run/runs.ts'
import { remark } from '../report/figure.ts'
import { roundCount } from '../report/rounds.ts'
import { median } from '../report/statistics.ts'
import { withEngine } from './open-store.ts'
import { startService } from './start-service.ts'
import { diskStore, noRounds } from './stores.ts'
import type { EmbeddedFigure } from './table.ts'

const ended = 100_000
const unfinished = 1000
const atOnce = 200

/** From the start of a process to its listening, with many runs in the folder; beside a start with an empty one. */
export async function measureStart(): Promise<readonly EmbeddedFigure[]> {
  const [full, empty] = [diskStore(), diskStore()]
  await withEngine(full, async ({ workers }) => {
    await inTurns(ended, () => endedRun(workers.runs))
  })
  const values = noRounds()
  const without: number[] = []
  for (let round = 0; round < roundCount(5); round++) {
    without.push(await timedStart(empty))
    // The service carries them out, as far as it gets.
    await withEngine(full, ({ workers }) => inTurns(unfinished, () => workers.runs.create(newKey(), newRun())))
    values.disk.push(await timedStart(full))
  }
  remark(`a start with an empty folder: ${median(without).toFixed(0)} ms`)
  for (const store of [full, empty]) await store.remove()
  return [{ name: `start with ${ended} ended and ${unfinished} unfinished runs`, unit: 'ms', wanted: '≤ 2000', values }]
}

async function timedStart(store: ReturnType<typeof diskStore>): Promise<number> {
  const startedAt = performance.now()
  const service = await startService(store)
  const elapsed = performance.now() - startedAt
  await service.close()
  return elapsed
}

async function endedRun(runs: RunStore): Promise<void> {
  const run = await startRun(runs, newKey())
  await run.say('A short answer.')
  await run.finish()
}

async function inTurns(count: number, act: () => Promise<unknown>): Promise<void> {
  let left = count
  const turns = async () => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: atOnce }, turns))
}
