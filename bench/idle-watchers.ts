import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openWatcher, type Watcher } from './load/watcher.ts'
import { cpuBetween, cpuTimes, residentKb } from './report/cpu.ts'
import { remark, report } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'
import { startFloor } from './systems/start-floor.ts'
import { startNaive } from './systems/start-naive.ts'
import { reportingMemory } from './systems/start-node.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System, SystemName, SystemOptions } from './systems/system.ts'

// The memory that a subscription on a quiet channel takes in the API process: 2,000 and 10,000 subscriptions, each on
// its own channel, over 20 sockets and over one socket each. A fresh process each time, with two collections before
// each reading (`--expose-gc`).
const sizes = [
  [2000, 20],
  [2000, 2000],
  [10_000, 20],
  [10_000, 10_000],
] as const
const start: Readonly<Record<SystemName, (options: SystemOptions) => Promise<System>>> = {
  ours: startOurs,
  naive: startNaive,
  floor: startFloor,
}

async function reading({ api }: System) {
  const { heapUsed, external } = await api.memory()
  return { residentBytes: residentKb(api.pid) * 1024, heapBytes: heapUsed + external }
}

async function watchQuietly(
  system: System,
  [watchers, sockets]: readonly [number, number],
): Promise<readonly Watcher[]> {
  const open: Watcher[] = []
  for (let i = 0; i < sockets; i++) {
    const watcher = await openWatcher(system)
    for (let k = 0; k < watchers / sockets; k++) watcher.begin(randomUUID())
    open.push(watcher)
  }
  await sleep(500)
  return open
}

async function measure(name: SystemName, size: readonly [watchers: number, sockets: number]) {
  const [watchers] = size
  const system = await start[name]({ parts: 'api', nodeArgs: reportingMemory })
  // What the first subscriptions load and compile belongs to the process, not to a watcher.
  for (const watcher of await watchQuietly(system, [2000, 20])) watcher.close()
  await sleep(500)
  const before = await reading(system)
  const open = await watchQuietly(system, size)
  const after = await reading(system)
  const cpuBefore = cpuTimes(system)
  await sleep(3000)
  const { api = 0, redis = 0 } = cpuBetween(cpuBefore, cpuTimes(system))
  for (const watcher of open) watcher.close()
  await sleep(1000)
  const left = await reading(system)
  await system.close()
  return {
    heap: (after.heapBytes - before.heapBytes) / watchers / 1024,
    resident: (after.residentBytes - before.residentBytes) / watchers / 1024,
    left: (left.heapBytes - before.heapBytes) / watchers / 1024,
    idleCpu: [api / 30, redis / 30] as const,
  }
}

for (const [watchers, sockets] of sizes) {
  // The relay allows one watcher per socket.
  const names: readonly SystemName[] = sockets === watchers ? ['ours', 'naive', 'floor'] : ['ours', 'naive']
  const heap: Record<SystemName, number[]> = { ours: [], naive: [], floor: [] }
  const resident: Record<SystemName, number[]> = { ours: [], naive: [], floor: [] }
  const rounds = watchers > 2000 ? 1 : 3
  for (let round = 0; round < Math.min(rounds, roundCount(3)); round++) {
    for (const name of names) {
      const measured = await measure(name, [watchers, sockets])
      heap[name].push(measured.heap)
      resident[name].push(measured.resident)
      const [api, redis] = measured.idleCpu.map((share) => share.toFixed(1))
      remark(
        `${name}, ${watchers} over ${sockets} sockets: idle CPU api ${api} %, redis ${redis} % of a core; when all had left, ${measured.left.toFixed(2)} KB a watcher stayed`,
      )
    }
  }
  const what = `idle watcher, ${watchers} over ${sockets} sockets`
  report({ name: `${what}, heap and buffers`, unit: 'KB', better: 'less', target: 30, values: heap })
  report({ name: `${what}, resident`, unit: 'KB', better: 'less', target: 30, values: resident })
}
