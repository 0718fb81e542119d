import { openClients } from './load/clients.ts'
import { channelIdIn } from './load/http-connection.ts'
import { peakResidentKb, residentKb } from './report/cpu.ts'
import { remark, remarkCpu, report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { percentile } from './report/statistics.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'

// 1,000 simultaneous dispatches, one connection each, to one API process with one worker that runs 50 at a time.
// Measures the time until all have been answered, and until each watcher, on its own socket, has seen the end of its
// 200-token run.
const burst = 1000
const systems = [await startOurs({ concurrency: 50 }), await startNaive({ concurrency: 50 })]
const clients = new Map(
  await Promise.all(systems.map(async (system) => [system.name, await openClients(system, burst)] as const)),
)
const answered: Record<string, number[]> = { ours: [], naive: [], floor: [] }
const resident = systems.map(({ api, worker }) => [residentKb(api.pid), residentKb(worker?.pid ?? api.pid)] as const)
const rounds = await alternate(systems, roundCount(5), async (system) => {
  const body = system.dispatchBody({ model: 'demo/delayMs=0/words=200' })
  const startedAt = performance.now()
  const answers: number[] = []
  await Promise.all(
    (clients.get(system.name)?.all ?? []).map(async ({ http, watcher }) => {
      const channelId = channelIdIn(await http.post(body))
      answers.push(performance.now() - startedAt)
      await watcher.watch(channelId)
    }),
  )
  answered[system.name]?.push(percentile(answers, 0.99))
  return performance.now() - startedAt
})
const values = { ours: answered['ours']?.slice(1) ?? [], naive: answered['naive']?.slice(1) ?? [], floor: [] }
report({ name: '1,000 dispatches at once, to the answer, p99', unit: 'ms', better: 'less', values })
report({
  name: '1,000 dispatches at once, until all have ended and been seen',
  unit: 'ms',
  better: 'less',
  values: mapRounds(rounds, ({ value }) => value),
})
remarkCpu(rounds, burst, 'run')
for (const [n, { name, api, worker }] of systems.entries()) {
  const [apiKb = 0, workerKb = 0] = resident[n] ?? []
  const mb = (kb: number) => (kb / 1024).toFixed(0)
  const workerPid = worker?.pid ?? api.pid
  remark(
    `${name}: resident before and at the most, MB: api ${mb(apiKb)} to ${mb(peakResidentKb(api.pid))}, worker ${mb(workerKb)} to ${mb(peakResidentKb(workerPid))}`,
  )
}
for (const each of clients.values()) each.close()
for (const system of systems) await system.close()
