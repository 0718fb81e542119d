import { openClients } from './load/clients.ts'
import { textIn } from './load/watcher.ts'
import { now } from './report/clock.ts'
import { report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { median } from './report/statistics.ts'
import { stampsIn } from './systems/stamped-model.ts'
import { startFloor } from './systems/start-floor.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'

// The time from the last token of the model to the `complete` of the watcher's subscription. In between, our service
// writes the message, its usage and the last event. One run at a time, on an idle service.
const runsARound = 60
const model = 'stamped/delayMs=5/words=5'
const systems = [await startOurs({ program: 'bench/systems/ours-main.ts' }), await startNaive(), await startFloor()]
const clients = new Map(
  await Promise.all(systems.map(async (system) => [system.name, await openClients(system, 1)] as const)),
)
const rounds = await alternate(systems, roundCount(7), async (system) => {
  const spans: number[] = []
  for (let i = 0; i < runsARound; i++) {
    let lastToken = Number.NaN
    await clients.get(system.name)?.runs(1, { model }, (frame) => {
      lastToken = stampsIn(textIn(frame) ?? '').at(-1) ?? lastToken
    })
    spans.push((now() - lastToken) / 1000)
  }
  return median(spans)
})
report({
  name: 'last token to stream closed, idle service',
  unit: 'ms',
  better: 'less',
  values: mapRounds(rounds, ({ value }) => value),
})
for (const each of clients.values()) each.close()
for (const system of systems) await system.close()
