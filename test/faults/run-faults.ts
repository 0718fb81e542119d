import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { publish } from '../support/function-runs.ts'
import { checkRun } from './checker.ts'
import { type Conversation, converse } from './converse.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { startPlayedProvider } from './played-provider.ts'
import { createRandom } from './random.ts'

export interface FaultsOptions {
  readonly seed: number
  /** How long new runs are begun and misfortunes happen. */
  readonly seconds: number
  /** Runs under way at once. */
  readonly width: number
  /** Redis loses its last writes now and then, instead of only being restarted. */
  readonly isLossy?: boolean
}

export interface FaultsReport {
  readonly runs: number
  readonly endings: Readonly<Record<string, number>>
  readonly connections: number
  /** Watchers that had to begin again, because the log had gone back. */
  readonly expired: number
  readonly attempts: number
  readonly answers: number
  readonly messages: number
  readonly parks: number
  readonly lostReplies: number
  readonly misfortunes: Readonly<Record<string, number>>
  /** What the checker found, a line each. */
  readonly wrong: readonly string[]
}

/**
 * Runs conversations on a fleet that is being killed, stopped and cut off at random, and then judges what the clients
 * saw, what the providers were told and what the log holds.
 */
export async function runFaults({ seed, seconds, width, isLossy = false }: FaultsOptions): Promise<FaultsReport> {
  const random = createRandom(seed)
  const provider = await startPlayedProvider(random)
  const fleet = await startFleet({ random, env: provider.providers.env, isLossy })
  const until = Date.now() + seconds * 1000
  const runs: Conversation[] = []
  const wrong: string[] = []

  const keepConversing = async () => {
    while (Date.now() < until) runs.push(await converse({ fleet, random, provider }))
  }
  const keepStriking = async (at: 'processes' | 'store', pauseMs: number) => {
    while (Date.now() < until) {
      await sleep(random.int(pauseMs))
      await fleet.strike(at)
    }
  }
  try {
    const all = await Promise.allSettled([
      keepStriking('processes', 400),
      keepStriking('store', 4000),
      ...Array.from({ length: width }, keepConversing),
    ])
    for (const each of all) if (each.status === 'rejected') wrong.push(String(each.reason))
    if (fleet.losses.length > 0) {
      // Some that had ended may have no ending any more, or be gone: nobody can know but by asking.
      const again = await Promise.allSettled(runs.map((run) => run.again()))
      for (const each of again) {
        if (each.status === 'fulfilled') runs.push(each.value)
        else wrong.push(String(each.reason))
      }
    }

    const redis = new Redis(fleet.redis.url)
    const attempts: number[] = []
    for (const { channelId, topic, histories, answering } of runs) {
      const { acknowledged } = answering
      const told = provider.told.filter((each) => each.channelId === channelId)
      const judged = await checkRun(redis, { channelId, histories, acknowledged, told, losses: fleet.losses })
      wrong.push(...judged.wrong, ...(await checkTopic(redis, fleet, topic)))
      attempts.push(judged.log.filter(({ kind }) => kind === 'dispatch-started').length)
    }
    redis.disconnect()
    const histories = runs.flatMap((run) => run.histories)
    const answerings = runs.map(({ answering }) => answering)
    return {
      runs: runs.length,
      endings: tally(runs.map((run) => run.histories[0]?.events.at(-1)?.__typename ?? 'none')),
      connections: sum(histories.map(({ connections }) => connections)),
      expired: sum(histories.map(({ expired }) => expired)),
      attempts: sum(attempts),
      answers: sum(answerings.map(({ acknowledged }) => acknowledged.length)),
      messages: sum(answerings.map(({ messages }) => messages)),
      parks: sum(answerings.map(({ parks }) => parks)),
      lostReplies: fleet.lostReplies(),
      misfortunes: fleet.counts,
      wrong,
    }
  } finally {
    await fleet.close()
    await provider.close()
  }
}

/** Calls of ended runs that still stand in a channel's list must not swallow what comes. */
async function checkTopic(redis: Redis, { apis }: Fleet, topic: string): Promise<string[]> {
  const base = `bc:{a/local/${topic}}`
  if ((await redis.llen(`${base}:waiters`)) === 0 || apis[0] === undefined) return []
  const before = await redis.llen(`${base}:early`)
  await publish(apis[0], topic, { result: 'is anybody there?' })
  const after = await redis.llen(`${base}:early`)
  return after === before + 1 ? [] : [`${topic}: a message was swallowed by a call of a run that has ended`]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
