import { randomUUID } from 'node:crypto'
import { type Clients, openClients } from './load/clients.ts'
import { textIn } from './load/watcher.ts'
import { now } from './report/clock.ts'
import { remarkCpu, report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { percentile } from './report/statistics.ts'
import { stampsIn } from './systems/stamped-model.ts'
import { startFloor } from './systems/start-floor.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System } from './systems/system.ts'

// Many watchers of one channel, each on its own socket, all subscribed before the run begins. First the time for a
// 200-token run from a model without delay to reach them all; then the cost and the delay of a token at 100 tokens/s,
// when nothing queues and so nothing is joined.
const words = 200
const systems = [await startOurs({ program: 'bench/systems/ours-main.ts' }), await startNaive(), await startFloor()]

/** Dispatches to a channel that all clients watch, and waits until all have seen the end. */
async function runToAll(system: System, clients: Clients, model: string, onFirst?: (frame: Buffer) => void) {
  const channelId = randomUUID()
  const watching = clients.all.map(({ watcher }, index) => watcher.watch(channelId, index === 0 ? onFirst : undefined))
  // Nothing reports that a subscription is active, but none takes this long.
  await new Promise((resolve) => setTimeout(resolve, 200))
  const startedAt = performance.now()
  await clients.all[0]?.http.post(system.dispatchBody({ model, channelId }))
  await Promise.all(watching)
  return performance.now() - startedAt
}

for (const watchers of [1, 10, 100]) {
  const clients = new Map(
    await Promise.all(systems.map(async (system) => [system.name, await openClients(system, watchers)] as const)),
  )
  const clientsOf = ({ name }: System) => {
    const found = clients.get(name)
    if (found === undefined) throw new Error(`${name} has no clients`)
    return found
  }
  const rounds = await alternate(systems, roundCount(7), (system) =>
    runToAll(system, clientsOf(system), `demo/delayMs=0/words=${words}`),
  )
  report({
    name: `200 tokens at once to ${watchers} watcher${watchers === 1 ? '' : 's'} of a channel`,
    unit: 'ms',
    better: 'less',
    values: mapRounds(rounds, ({ value }) => value),
  })
  if (watchers === 100) {
    const paced = await alternate(systems, Math.min(3, roundCount(3)), async (system) => {
      const latencies: number[] = []
      await runToAll(system, clientsOf(system), `stamped/delayMs=10/words=${words}`, (frame) => {
        const at = now()
        for (const stamp of stampsIn(textIn(frame) ?? '')) latencies.push((at - stamp) / 1000)
      })
      return percentile(latencies, 0.5)
    })
    report({
      name: 'token to the first of 100 watchers, 100 tokens/s, p50',
      unit: 'ms',
      better: 'less',
      values: mapRounds(paced, ({ value }) => value),
    })
    report({
      name: 'API CPU per token and watcher, 100 watchers, 100 tokens/s',
      unit: 'µs',
      better: 'less',
      values: mapRounds(paced, ({ cpuMs }) => ((cpuMs['api'] ?? 0) * 1000) / words / watchers),
    })
    remarkCpu(paced, words * watchers, 'token and watcher')
  }
  for (const each of clients.values()) each.close()
}
for (const system of systems) await system.close()
