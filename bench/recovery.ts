import { setTimeout as sleep } from 'node:timers/promises'
import { channelIdIn, openHttp } from './load/http-connection.ts'
import { openWatcher, textIn } from './load/watcher.ts'
import { report } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'
import { percentile } from './report/statistics.ts'
import { startNaive } from './systems/start-naive.ts'
import type { NodeProcess } from './systems/start-node.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System } from './systems/system.ts'

// What a watcher notices of a failure: the time from the death of a worker (SIGKILL, 20 runs in progress, another
// worker idle, default LEASE_MS) to the first word of the worker that takes over; and the time from sending
// `cancelDispatch` to the last event of the run and to the answer of the mutation, for runs with one word every 10 ms.
const runs = 20
const model = 'demo/delayMs=10/words=20000'
const cancellation = (channelId: string) =>
  JSON.stringify({ query: `mutation { cancelDispatch(channelId: "${channelId}") { dispatch { status } } }` })

/** For each run, the silence after its worker died, in ms. */
async function silences(system: System, victim: NodeProcess): Promise<readonly number[]> {
  const talking = Array.from({ length: runs }, () => Promise.withResolvers<void>())
  let diedAt = Number.POSITIVE_INFINITY
  const http = await openHttp(system.url)
  const watchers = await Promise.all(Array.from({ length: runs }, () => openWatcher(system)))
  const heardAgain = watchers.map(async (watcher, n) => {
    const channelId = channelIdIn(await (await openHttp(system.url)).post(system.dispatchBody({ model })))
    const again = Promise.withResolvers<number>()
    const watching = watcher.watch(channelId, (frame) => {
      if (textIn(frame) === null) return
      talking[n]?.resolve()
      // Words that the dead worker had sent arrive sooner than this.
      if (performance.now() > diedAt + 300) again.resolve(performance.now() - diedAt)
    })
    watching.catch(() => {}) // Left in the middle.
    return again.promise.then((ms) => ({ ms, channelId }))
  })
  await Promise.all(talking.map(({ promise }) => promise))
  process.kill(victim.pid, 'SIGKILL')
  diedAt = performance.now()
  const all = await Promise.all(heardAgain)
  for (const watcher of watchers) watcher.close()
  // Otherwise they would burden the next round.
  for (const { channelId } of system.name === 'ours' ? all : []) await http.post(cancellation(channelId))
  http.close()
  return all.map(({ ms }) => ms)
}

const empty = { ours: [] as number[], naive: [] as number[], floor: [] as number[] }
const deaths = { p50: structuredClone(empty), p99: structuredClone(empty) }
for (const [start, count] of [
  [startOurs, roundCount(5)],
  // BullMQ's own lease and its check take 30 s each, and the whole run starts again; so one round only.
  [startNaive, 1],
] as const) {
  const system = await start()
  if (system.worker === null) throw new Error('There is a worker.')
  let victim = system.worker
  for (let round = 0; round < count; round++) {
    const next = await system.addWorker()
    await sleep(500)
    const ms = await silences(system, victim)
    deaths.p50[system.name].push(percentile(ms, 0.5))
    deaths.p99[system.name].push(percentile(ms, 0.99))
    victim = next
  }
  await victim.stop()
  await system.close()
}
for (const share of ['p50', 'p99'] as const) {
  report({
    name: `death of a worker to the next word of its ${runs} runs, ${share}`,
    unit: 'ms',
    better: 'less',
    target: 8000,
    values: deaths[share],
  })
}

const system = await startOurs()
const http = await openHttp(system.url)
const quiet = { silence: structuredClone(empty), answer: structuredClone(empty) }
const cancels = { silence: [] as number[], answer: [] as number[] }
for (let n = 0; n < 40 * roundCount(5); n++) {
  const watcher = await openWatcher(system)
  const channelId = channelIdIn(await http.post(system.dispatchBody({ model })))
  let sentAt = 0
  let answered: Promise<unknown> = Promise.resolve()
  let frames = 0
  await watcher.watch(channelId, (frame) => {
    frames += textIn(frame) === null ? 0 : 1
    if (frames !== 5 || sentAt !== 0) return
    sentAt = performance.now()
    answered = http.post(cancellation(channelId)).then(() => cancels.answer.push(performance.now() - sentAt))
  })
  cancels.silence.push(performance.now() - sentAt)
  await answered
  watcher.close()
}
http.close()
await system.close()
for (const [what, words] of [
  ['silence', 'cancel sent to the run’s stream closed'],
  ['answer', 'cancel sent to its answer'],
] as const) {
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const values = { ...quiet[what], ours: [percentile(cancels[what], share)] }
    report({ name: `${words}, ${name} of ${cancels[what].length}`, unit: 'ms', better: 'less', target: 2000, values })
  }
}
