import { type Clients, openClients } from './load/clients.ts'
import { untilIdle } from './load/until-idle.ts'
import { textIn } from './load/watcher.ts'
import { now } from './report/clock.ts'
import { remark, report } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'
import { median, percentile } from './report/statistics.ts'
import { stampsIn } from './systems/stamped-model.ts'
import { startCountingCollector } from './systems/start-collector.ts'
import { startOurs } from './systems/start-ours.ts'

// The cost of spans: the service without an exporter and with one, side by side under the same load, in turn. The
// collector runs in this process and parses nothing.
const atOnce = 20
const runsARound = 400
const dispatchesARound = 1000
const words = 200
const program = 'bench/systems/ours-main.ts'

const collector = await startCountingCollector()
const systems = {
  off: await startOurs({ program }),
  on: await startOurs({ program, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint } }),
}
type Variant = keyof typeof systems
const variants = ['off', 'on'] as const satisfies readonly Variant[]
const clients = { off: await openClients(systems.off, atOnce), on: await openClients(systems.on, atOnce) }

const rate = async (count: number, work: Promise<unknown>, startedAt = performance.now()) => {
  await work
  return (count * 1000) / (performance.now() - startedAt)
}

/** Runs one round of each in turn, `off on off on …`. The first round of each does not count. */
async function compare<Name extends string>(
  measures: readonly { readonly name: Name; readonly unit: string; readonly better: 'more' | 'less' }[],
  round: (clients: Clients) => Promise<readonly number[]>,
): Promise<void> {
  const values: Record<Variant, number[][]> = { off: [], on: [] }
  for (let index = 0; index <= roundCount(5); index += 1) {
    for (const variant of variants) {
      const measured = await round(clients[variant])
      await untilIdle(systems[variant].redisUrl ?? '')
      if (index > 0) values[variant].push([...measured])
    }
  }
  for (const [index, { name, unit, better }] of measures.entries()) {
    const of = (variant: Variant) => values[variant].map((measured) => measured[index] ?? Number.NaN)
    for (const variant of variants) {
      report({ name: `${name}, spans ${variant}`, unit, better, values: { ours: of(variant), naive: [], floor: [] } })
    }
    remark(`${name}: with spans ${(median(of('on')) / median(of('off'))).toFixed(2)} × of without`)
  }
}

await compare(
  [{ name: 'dispatches accepted while a worker runs them', unit: 'per s', better: 'more' }],
  async (all) => [await rate(dispatchesARound, all.dispatches(dispatchesARound, { model: 'demo/delayMs=0/words=10' }))],
)
await compare(
  [{ name: `200-token runs ended and delivered, ${atOnce} at once`, unit: 'runs/s', better: 'more' }],
  async (all) => [await rate(runsARound, all.runs(runsARound, { model: `demo/delayMs=0/words=${words}` }))],
)
await compare(
  [
    { name: `token to client at 100 tokens/s, ${atOnce} streams, p50`, unit: 'ms', better: 'less' },
    { name: `token to client at 100 tokens/s, ${atOnce} streams, p99`, unit: 'ms', better: 'less' },
  ],
  async (all) => {
    const latencies: number[] = []
    await all.runs(atOnce, { model: `stamped/delayMs=10/words=${words}` }, (frame) => {
      const at = now()
      for (const stamp of stampsIn(textIn(frame) ?? '')) latencies.push((at - stamp) / 1000)
    })
    if (latencies.length !== atOnce * words) throw new Error(`${latencies.length} tokens came`)
    return [median(latencies), percentile(latencies, 0.99)]
  },
)
if (collector.bytes === 0) throw new Error('No span was exported.')
remark(`${(collector.bytes / 1_000_000).toFixed(1)} MB of spans came`)

for (const variant of variants) {
  clients[variant].close()
  await systems[variant].close()
}
await collector.close()
