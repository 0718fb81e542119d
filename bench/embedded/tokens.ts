import { openClients } from '../load/clients.ts'
import { textIn } from '../load/watcher.ts'
import { now } from '../report/clock.ts'
import { roundCount } from '../report/rounds.ts'
import { median, percentile } from '../report/statistics.ts'
import { stampsIn } from '../systems/stamped-model.ts'
import { startService } from './start-service.ts'
import { everyStore, noRounds } from './stores.ts'
import type { EmbeddedFigure } from './table.ts'

const words = 200
const model = `stamped/delayMs=10/words=${words}`

/** From the model saying a token to the client's socket, at 100 tokens/s a stream; and how late timers came meanwhile. */
export async function measureTokens(streams: number): Promise<readonly EmbeddedFigure[]> {
  const services = await Promise.all((await everyStore()).map(startService))
  const clients = new Map(
    await Promise.all(services.map(async (each) => [each, await openClients(each, streams)] as const)),
  )
  const [p50, p99, delay] = [noRounds(), noRounds(), noRounds()]
  for (let round = 0; round <= roundCount(5); round++) {
    for (const service of services) {
      const latencies: number[] = []
      await service.api.memory({ isNewSpan: true })
      await clients.get(service)?.runs(streams, { model }, (frame) => {
        const at = now()
        for (const stamp of stampsIn(textIn(frame) ?? '')) latencies.push((at - stamp) / 1000)
      })
      const { loopDelayP99Ms } = await service.api.memory()
      if (latencies.length !== streams * words)
        throw new Error(`${service.store.name}: ${latencies.length} tokens came`)
      if (round === 0) continue
      p50[service.store.name].push(median(latencies))
      p99[service.store.name].push(percentile(latencies, 0.99))
      delay[service.store.name].push(loopDelayP99Ms)
    }
  }
  for (const each of clients.values()) each.close()
  for (const service of services) {
    await service.close()
    await service.store.remove()
  }
  const what = `token to client, ${streams} streams of 100 tokens/s`
  return [
    { name: `${what}, p50`, unit: 'ms', wanted: '≤ memory + 2 ms', values: p50 },
    { name: `${what}, p99`, unit: 'ms', wanted: '', values: p99 },
    { name: 'the same, delay of the event loop, p99', unit: 'ms', wanted: '< 20', values: delay },
  ]
}
