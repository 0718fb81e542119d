import { setTimeout as sleep } from 'node:timers/promises'
import { openClients } from '../load/clients.ts'
import { roundCount } from '../report/rounds.ts'
import { startService } from './start-service.ts'
import { diskStore, noRounds } from './stores.ts'
import type { EmbeddedFigure } from './table.ts'

const warmUps = 3000
const runsARound = 2000
const model = 'demo/delayMs=0/words=20'

/** How much the heap grows with each run that was watched to its end, after two collections. */
export async function measureKept(): Promise<readonly EmbeddedFigure[]> {
  const store = diskStore()
  const service = await startService(store)
  const values = noRounds()
  let before = 0
  for (let round = 0; round <= Math.max(3, roundCount(4)); round++) {
    const clients = await openClients(service, 20)
    await clients.runs(round === 0 ? warmUps : runsARound, { model })
    clients.close()
    await sleep(1500)
    const { heapUsed, external } = await service.api.memory()
    if (round > 0) values.disk.push((heapUsed + external - before) / runsARound)
    before = heapUsed + external
  }
  await service.close()
  await store.remove()
  return [{ name: 'kept per ended run', unit: 'bytes', wanted: '≤ 100', values }]
}
