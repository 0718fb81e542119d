import { openClients } from './load/clients.ts'
import { textIn } from './load/watcher.ts'
import { remark, remarkCpu, report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { median } from './report/statistics.ts'
import { startFloor } from './systems/start-floor.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'
import { longRun, writeLongRun } from './systems/write-long-run.ts'

// A watcher that subscribes after a run of 10,000 single-token entries has ended (the second argument changes the
// number). Measures from `subscribe` to `complete`.
const words = Number(process.argv[3] ?? 10_000)
const replaysARound = 5
const systems = [await startOurs({ parts: 'api' }), await startNaive({ parts: 'api' }), await startFloor()]
const clients = new Map(
  await Promise.all(systems.map(async (system) => [system.name, await openClients(system, 1)] as const)),
)
for (const system of systems) {
  const [client] = clients.get(system.name)?.all ?? []
  if (client === undefined) continue
  await writeLongRun(system, words)
  // The relay has no store; it keeps relayed frames for half a minute.
  if (system.name === 'floor') continue
  let frames = 0
  let count = 0
  await client.watcher.watch(longRun, (frame) => {
    frames += 1
    count += textIn(frame)?.match(/\S+/g)?.length ?? 0
  })
  if (count !== words) throw new Error(`${system.name} replayed ${count} words of ${words}`)
  remark(`${system.name}: the replay came in ${frames} frames`)
}
const rounds = await alternate(systems, roundCount(9), async (system) => {
  const [client] = clients.get(system.name)?.all ?? []
  if (client === undefined) return Number.NaN
  if (system.name === 'floor') {
    await client.http.post(system.dispatchBody({ model: `stamped/delayMs=0/words=${words}`, channelId: longRun }))
    await client.watcher.watch(longRun)
  }
  const spans: number[] = []
  for (let i = 0; i < replaysARound; i++) {
    const startedAt = performance.now()
    await client.watcher.watch(longRun)
    spans.push(performance.now() - startedAt)
  }
  return median(spans)
})
report({
  name: `late replay of ${words.toLocaleString('en')} single tokens`,
  unit: 'ms',
  better: 'less',
  target: words / 1000,
  values: mapRounds(rounds, ({ value }) => value),
})
remarkCpu({ ...rounds, floor: [] }, replaysARound, 'replay')
for (const each of clients.values()) each.close()
for (const system of systems) await system.close()
