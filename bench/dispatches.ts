import { Redis } from 'ioredis'
import { openClients } from './load/clients.ts'
import { untilIdle } from './load/until-idle.ts'
import { remarkCpu, report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'
import type { SystemOptions } from './systems/system.ts'

// Mutations answered per second, with one request in flight on each of 64 connections: first without a worker, then
// with one that executes the runs and takes its share of the machine.
const inFlight = 64
const dispatchesARound = 3000
const model = 'demo/delayMs=0/words=10'

const variants: readonly (readonly [parts: NonNullable<SystemOptions['parts']>, words: string])[] = [
  ['api', 'no worker'],
  ['api and worker', 'one worker'],
]
for (const [parts, words] of variants) {
  const systems = [await startOurs({ parts }), await startNaive({ parts })]
  const clients = new Map(
    await Promise.all(systems.map(async (system) => [system.name, await openClients(system, inFlight)] as const)),
  )
  const rounds = await alternate(systems, roundCount(5), async ({ name, redisUrl }) => {
    const startedAt = performance.now()
    await clients.get(name)?.dispatches(dispatchesARound, { model })
    const rate = (dispatchesARound * 1000) / (performance.now() - startedAt)
    await leaveNothing(redisUrl ?? '', parts)
    return rate
  })
  report({
    name: `dispatches accepted, ${words}`,
    unit: 'per s',
    better: 'more',
    target: 3000,
    values: mapRounds(rounds, ({ value }) => value),
  })
  if (parts === 'api') remarkCpu(rounds, dispatchesARound, 'dispatch')
  for (const each of clients.values()) each.close()
  for (const system of systems) await system.close()
}

/** Without a worker, removes the leftovers of a round; with one, waits for them. */
async function leaveNothing(redisUrl: string, parts: SystemOptions['parts']): Promise<void> {
  if (parts !== 'api') return untilIdle(redisUrl)
  const redis = new Redis(redisUrl)
  await redis.flushall()
  redis.disconnect()
}
