import { openClients, verifyRun } from './load/clients.ts'
import { remark, remarkCpu, report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { startFloor } from './systems/start-floor.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'

// The throughput of 200-token runs: dispatched, ended, and delivered to one watcher each, from a model without delay.
const words = 200
const model = `demo/delayMs=0/words=${words}`
const runsARound = { ours: 600, naive: 150, floor: 600 }
const systems = [await startOurs(), await startNaive(), await startFloor()]

for (const atOnce of [20, 100]) {
  const clients = new Map(
    await Promise.all(systems.map(async (system) => [system.name, await openClients(system, atOnce)] as const)),
  )
  for (const system of systems) {
    const client = clients.get(system.name)?.all[0]
    if (client) remark(`${system.name}: a lone run came in ${await verifyRun(client, system, words)} frames`)
  }
  const rounds = await alternate(systems, roundCount(5), async ({ name }) => {
    const count = runsARound[name]
    const startedAt = performance.now()
    await clients.get(name)?.runs(count, { model })
    return (count * 1000) / (performance.now() - startedAt)
  })
  report({
    name: `200-token runs ended and delivered, ${atOnce} at once`,
    unit: 'runs/s',
    better: 'more',
    target: 400,
    values: mapRounds(rounds, ({ value }) => value),
  })
  for (const { name } of systems)
    remarkCpu({ ours: [], naive: [], floor: [], [name]: rounds[name] }, runsARound[name], 'run')
  for (const each of clients.values()) each.close()
}
for (const system of systems) await system.close()
