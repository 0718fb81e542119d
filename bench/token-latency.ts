import { openClients } from './load/clients.ts'
import { textIn } from './load/watcher.ts'
import { now } from './report/clock.ts'
import { remark, report } from './report/figure.ts'
import { alternate, roundCount } from './report/rounds.ts'
import { median, percentile } from './report/statistics.ts'
import { stampsIn } from './systems/stamped-model.ts'
import { startFloor } from './systems/start-floor.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'
import type { SystemName } from './systems/system.ts'

// The time from the model saying a token to the client's socket delivering it, at 100 tokens/s per stream. The words of
// the model are timestamps of a clock that all processes share (CLOCK_MONOTONIC), in microseconds.
const words = 200
const model = `stamped/delayMs=10/words=${words}`
const systems = [await startOurs({ program: 'bench/systems/ours-main.ts' }), await startNaive(), await startFloor()]

for (const streams of [1, 20]) {
  const clients = new Map(
    await Promise.all(systems.map(async (system) => [system.name, await openClients(system, streams)] as const)),
  )
  const p99s: Record<SystemName, number[]> = { ours: [], naive: [], floor: [] }
  const p50s: Record<SystemName, number[]> = { ours: [], naive: [], floor: [] }
  await alternate(systems, roundCount(5), async (system, index) => {
    const latencies: number[] = []
    const onFrame = (frame: Buffer) => {
      const at = now()
      for (const stamp of stampsIn(textIn(frame) ?? '')) latencies.push((at - stamp) / 1000)
    }
    await clients.get(system.name)?.runs(streams, { model }, onFrame)
    if (latencies.length !== streams * words) throw new Error(`${system.name}: ${latencies.length} tokens came`)
    if (index > 0) p50s[system.name].push(median(latencies))
    if (index > 0) p99s[system.name].push(percentile(latencies, 0.99))
    return median(latencies)
  })
  const what = `token to client at 100 tokens/s, ${streams === 1 ? 'one stream' : `${streams} streams`}`
  report({ name: `${what}, p50`, unit: 'ms', better: 'less', values: p50s })
  report({ name: `${what}, p99`, unit: 'ms', better: 'less', values: p99s })
  for (const each of clients.values()) each.close()
}
remark('p50 and p99 are of a round’s tokens; the table has their medians over the rounds')
for (const system of systems) await system.close()
