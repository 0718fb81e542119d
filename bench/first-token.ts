import { openClients } from './load/clients.ts'
import { channelIdIn } from './load/http-connection.ts'
import { textIn } from './load/watcher.ts'
import { report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { median } from './report/statistics.ts'
import { startFloor } from './systems/start-floor.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'

// The time from sending the mutation to receiving the first token, as clients do it: dispatch, subscribe with the
// returned channel on an open socket, wait. The model says its first word at once. One run at a time, on an idle
// service.
const runsARound = 60
const model = 'stamped/delayMs=5/words=3'
const systems = [await startOurs({ program: 'bench/systems/ours-main.ts' }), await startNaive(), await startFloor()]
const clients = new Map(
  await Promise.all(systems.map(async (system) => [system.name, await openClients(system, 1)] as const)),
)
const answers: Record<string, number[]> = { ours: [], naive: [], floor: [] }
const rounds = await alternate(systems, roundCount(7), async (system, index) => {
  const [client] = clients.get(system.name)?.all ?? []
  const body = system.dispatchBody({ model })
  const firsts: number[] = []
  const answered: number[] = []
  for (let i = 0; client !== undefined && i < runsARound; i++) {
    const startedAt = performance.now()
    const channelId = channelIdIn(await client.http.post(body))
    answered.push(performance.now() - startedAt)
    let first: number | null = null
    await client.watcher.watch(channelId, (frame) => {
      if (first === null && textIn(frame) !== null) first = performance.now() - startedAt
    })
    firsts.push(first ?? Number.NaN)
  }
  if (index > 0) answers[system.name]?.push(median(answered))
  return median(firsts)
})
const { ours = [], naive = [], floor = [] } = answers
report({ name: 'dispatch to its answer, idle service', unit: 'ms', better: 'less', values: { ours, naive, floor } })
report({
  name: 'dispatch to first token, idle service',
  unit: 'ms',
  better: 'less',
  values: mapRounds(rounds, ({ value }) => value),
})
for (const each of clients.values()) each.close()
for (const system of systems) await system.close()
