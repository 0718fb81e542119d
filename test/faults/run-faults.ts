import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { ids } from '../support/runs.ts'
import { checkRun } from './checker.ts'
import { cancelInsistently, dispatchInsistently, type History, watchToTheEnd } from './clients.ts'
import { startFleet } from './fleet.ts'
import { createRandom } from './random.ts'

export interface FaultsOptions {
  readonly seed: number
  /** How long new runs are begun and misfortunes happen. */
  readonly seconds: number
  /** Runs under way at once. */
  readonly width: number
}

export interface FaultsReport {
  readonly runs: number
  readonly endings: Readonly<Record<string, number>>
  readonly connections: number
  readonly attempts: number
  readonly lostReplies: number
  readonly misfortunes: Readonly<Record<string, number>>
  /** What the checker found, a line each. */
  readonly wrong: readonly string[]
}

/**
 * Runs conversations on a fleet that is being killed, stopped and cut off at random, and then judges what the clients
 * saw and what the log holds.
 */
export async function runFaults({ seed, seconds, width }: FaultsOptions): Promise<FaultsReport> {
  const random = createRandom(seed)
  const fleet = await startFleet(random)
  const until = Date.now() + seconds * 1000
  const runs: { channelId: string; histories: History[] }[] = []
  const wrong: string[] = []

  const converse = async () => {
    const channelId = ids.channelId()
    const model = random.pick([
      'demo/delayMs=4/words=120',
      'demo/delayMs=8/maxTokens=25/words=90',
      'demo/delayMs=0/words=400',
    ])
    const watching = [1, 2].map(() => watchToTheEnd(fleet, random, channelId))
    const cancelling = random.chance(0.15) ? sleep(random.int(700)) : null
    await dispatchInsistently(fleet, random, { channelId, model })
    if (cancelling !== null) await cancelling.then(() => cancelInsistently(fleet, random, channelId))
    runs.push({ channelId, histories: await Promise.all(watching) })
  }
  const keepConversing = async () => {
    while (Date.now() < until) await converse()
  }
  const keepStriking = async () => {
    while (Date.now() < until) {
      await sleep(random.int(400))
      await fleet.strike()
    }
  }
  try {
    const all = await Promise.allSettled([keepStriking(), ...Array.from({ length: width }, keepConversing)])
    for (const each of all) if (each.status === 'rejected') wrong.push(String(each.reason))

    const redis = new Redis(fleet.redis.url)
    for (const { channelId, histories } of runs) {
      const lines = await checkRun(redis, channelId, histories)
      wrong.push(...lines.map((line) => `${channelId}: ${line}`))
    }
    redis.disconnect()
    const events = runs.flatMap(({ histories }) => histories[0]?.events ?? [])
    return {
      runs: runs.length,
      endings: tally(runs.map(({ histories }) => histories[0]?.events.at(-1)?.__typename ?? 'none')),
      connections: runs.flatMap(({ histories }) => histories).reduce((sum, { connections }) => sum + connections, 0),
      attempts: events.filter(({ __typename }) => __typename === 'DispatchStarted').length,
      lostReplies: fleet.lostReplies(),
      misfortunes: fleet.counts,
      wrong,
    }
  } finally {
    await fleet.close()
  }
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
