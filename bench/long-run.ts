import { setTimeout as sleep } from 'node:timers/promises'
import { channelIdIn, openHttp } from './load/http-connection.ts'
import { openWatcher, textIn } from './load/watcher.ts'
import { remark, report } from './report/figure.ts'
import { startNaive } from './systems/start-naive.ts'
import { type NodeProcess, reportingMemory } from './systems/start-node.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System, SystemName } from './systems/system.ts'

// One run of 100,000 events (the second argument gives the number in thousands) with a watcher. Measures how much more
// the processes hold at its end than after a tenth of it, by heap after two collections. Then, for our service, the
// snapshot of the text so far, and a hand-over (SIGTERM) until the next word of another worker.
const events = Number(process.argv[3] ?? 100) * 1000
const systems = [
  await startOurs({ program: 'bench/systems/ours-main.ts', nodeArgs: reportingMemory }),
  await startNaive({ nodeArgs: reportingMemory }),
]
const none = (): Record<SystemName, number[]> => ({ ours: [], naive: [], floor: [] })
const [apiGrowth, workerGrowth, snapshots, handOvers] = [none(), none(), none(), none()]

for (const system of systems) {
  const http = await openHttp(system.url)
  const watcher = await openWatcher(system, 600_000)
  // One millisecond between words, so each word is a separate append.
  const model = 'stamped/delayMs=1/words=1000000'
  const channelId = channelIdIn(await http.post(system.dispatchBody({ model })))
  let seen = 0
  const [early, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let onNext = () => {}
  const watching = watcher.watch(channelId, (frame) => {
    const words = textIn(frame)?.match(/~\d+~/g)?.length ?? 0
    if (words === 0) return
    seen += words
    onNext()
    if (seen >= events / 10) early.resolve()
    if (seen >= events) late.resolve()
  })
  watching.catch(() => {}) // Left in the middle.

  await early.promise
  const before = await heaps(system)
  await late.promise
  const after = await heaps(system)
  apiGrowth[system.name].push(after.api - before.api)
  workerGrowth[system.name].push(after.worker - before.worker)
  if (system.name === 'ours') {
    snapshots.ours.push(await timed(async () => void (await http.post(snapshotOf(channelId)))))
    const next = await system.addWorker()
    const word = Promise.withResolvers<void>()
    const stopped = system.worker?.stop()
    handOvers.ours.push(
      await timed(async () => {
        await stopped
        onNext = () => word.resolve()
        await word.promise
      }),
    )
    await next.stop()
  }
  remark(`${system.name}: ${seen} words seen`)
  watcher.close()
  http.close()
  await system.close()
}

for (const [part, values] of [
  ['API', apiGrowth],
  ['worker', workerGrowth],
] as const) {
  report({
    name: `${part}, held of an event of a run that goes on, of ${(events * 0.9).toLocaleString('en')}`,
    unit: 'bytes',
    better: 'less',
    target: 100,
    values: { ours: anEvent(values.ours), naive: anEvent(values.naive), floor: [] },
  })
}
report({
  name: `snapshot of a run that has said ${events.toLocaleString('en')} words`,
  unit: 'ms',
  better: 'less',
  values: snapshots,
})
report({ name: 'its hand-over, to the next word', unit: 'ms', better: 'less', values: handOvers })

async function heaps({ api, worker }: System) {
  const of = async (part: NodeProcess | null) => {
    if (part === null) return 0
    const { heapUsed, external } = await part.memory()
    return heapUsed + external
  }
  await sleep(100)
  return { api: await of(api), worker: await of(worker) }
}

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await act()
  return performance.now() - startedAt
}

function snapshotOf(channelId: string): string {
  return JSON.stringify({ query: `{ dispatch(channelId: "${channelId}") { status messages { text } } }` })
}

function anEvent(bytes: readonly number[]): readonly number[] {
  return bytes.map((each) => each / (events * 0.9))
}
