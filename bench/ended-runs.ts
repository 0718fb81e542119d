import { setTimeout as sleep } from 'node:timers/promises'
import { openClients } from './load/clients.ts'
import { residentKb } from './report/cpu.ts'
import { remark, report } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'
import { startNaive } from './systems/start-naive.ts'
import type { NodeProcess } from './systems/start-node.ts'
import { reportingMemory } from './systems/start-node.ts'
import { startOurs } from './systems/start-ours.ts'
import type { SystemName } from './systems/system.ts'

// What remains in the processes after a run that has ended and was watched: the heap after a full collection, before
// and after each 2,000 runs. The first 3,000 runs are the warm-up; less than 100 bytes is noise.
const warmUps = 3000
const runsARound = 2000
const model = 'demo/delayMs=0/words=20'
const systems = [await startOurs({ nodeArgs: reportingMemory }), await startNaive({ nodeArgs: reportingMemory })]
const none = (): Record<SystemName, number[]> => ({ ours: [], naive: [], floor: [] })
const [apiHeaps, workerHeaps] = [none(), none()]

for (let round = 0; round <= Math.max(3, roundCount(4)); round++) {
  for (const system of systems) {
    const clients = await openClients(system, 20)
    await clients.runs(round === 0 ? warmUps : runsARound, { model })
    clients.close()
    await sleep(1500)
    apiHeaps[system.name].push(await heapBytes(system.api))
    workerHeaps[system.name].push(await heapBytes(system.worker))
    const resident = [system.api, system.worker].map((each) => (residentKb(each?.pid ?? 0) / 1024).toFixed(0))
    remark(
      `${system.name}, after ${warmUps + round * runsARound} runs: resident MB api ${resident[0]}, worker ${resident[1]}`,
    )
  }
}
for (const [part, heaps] of [
  ['API', apiHeaps],
  ['worker', workerHeaps],
] as const) {
  report({
    name: `kept per ended run, ${part}`,
    unit: 'bytes',
    better: 'less',
    target: 100,
    values: { ours: growth(heaps.ours), naive: growth(heaps.naive), floor: [] },
  })
}
for (const system of systems) await system.close()

async function heapBytes(part: NodeProcess | null): Promise<number> {
  if (part === null) return 0
  const { heapUsed, external } = await part.memory()
  return heapUsed + external
}

/** The growth per run between two readings. */
function growth(heaps: readonly number[]): readonly number[] {
  return heaps.slice(1).map((bytes, index) => (bytes - (heaps[index] ?? 0)) / runsARound)
}
