import { openClients } from '../load/clients.ts'
import { roundCount } from '../report/rounds.ts'
import { median } from '../report/statistics.ts'
import { longRun, writeRun } from '../systems/write-long-run.ts'
import { withEngine } from './open-store.ts'
import { startService } from './start-service.ts'
import { diskStore, noRounds, redisStore } from './stores.ts'
import type { EmbeddedFigure } from './table.ts'

const words = 10_000
const replaysARound = 5

/** An ended run of single-token entries, from `subscribe` to `complete`. What is in memory cannot be written beforehand. */
export async function measureReplay(): Promise<readonly EmbeddedFigure[]> {
  const stores = [diskStore(), await redisStore('everysec')]
  for (const store of stores) await withEngine(store, ({ workers }) => writeRun(workers.runs, words, longRun))
  const services = await Promise.all(stores.map(startService))
  const clients = new Map(await Promise.all(services.map(async (each) => [each, await openClients(each, 1)] as const)))
  const values = noRounds()
  for (let round = 0; round <= roundCount(7); round++) {
    for (const service of services) {
      const [client] = clients.get(service)?.all ?? []
      const spans: number[] = []
      for (let replay = 0; replay < replaysARound; replay++) {
        const startedAt = performance.now()
        await client?.watcher.watch(longRun)
        spans.push(performance.now() - startedAt)
      }
      if (round > 0) values[service.store.name].push(median(spans))
    }
  }
  for (const each of clients.values()) each.close()
  for (const service of services) {
    await service.close()
    await service.store.remove()
  }
  return [{ name: `late replay of ${words} single tokens`, unit: 'ms', wanted: '≤ 20', values }]
}
