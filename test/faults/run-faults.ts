import { setTimeout as sleep } from 'node:timers/promises'
import { publish } from '../support/function/function-runs.ts'
import { checkRun } from './checker.ts'
import { type Conversation, converse } from './converse.ts'
import { startEmbeddedFleet } from './embedded-fleet.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { type FaultPlan, type FaultPlanName, faultPlans } from './plan.ts'
import { type PlayedProvider, startPlayedProvider } from './played-provider.ts'
import { createRandom } from './random.ts'
import { startTalks } from './talk/talks.ts'

export interface FaultsOptions {
  readonly seed: number
  /** How long new runs are begun and misfortunes happen. */
  readonly seconds: number
  /** No more of them when the one process of the embedded engine has been killed so often. */
  readonly kills?: number
  /** No more runs or misfortunes when so many misfortunes of any kind have happened. */
  readonly misfortunes?: number
  /** Runs under way at once. */
  readonly width: number
  readonly plan: FaultPlanName
  /** A client that waits for longer has found something. Default: 90 s. */
  readonly patienceMs?: number
  /** Where the service's code is; default: here. */
  readonly root?: string | undefined
  /** Told at once of what is wrong; what only the end can tell comes with the report. */
  readonly onWrong?: (line: string) => void
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
  readonly lost: Fleet['lost']
  readonly misfortunes: Readonly<Record<string, number>>
  /** Of a plan of conversations: what happened in them. */
  readonly talks?: Readonly<Record<string, number>>
  /** What the checker found, a line each. */
  readonly wrong: readonly string[]
}

/**
 * Runs conversations on a fleet that is being killed, stopped and cut off at random, and judges what the clients saw, what
 * the providers were told and what the log holds: each run as it ends, and where Redis may lose what it had when all is over, too.
 */
export async function runFaults(options: FaultsOptions): Promise<FaultsReport> {
  const { seconds, kills = Number.POSITIVE_INFINITY, misfortunes = Number.POSITIVE_INFINITY } = options
  const { width, root, patienceMs = 90_000, onWrong = () => {} } = options
  const plan: FaultPlan = faultPlans[options.plan]
  const random = createRandom(options.seed)
  const provider = await startPlayedProvider(random, plan.isTalk ? { latencyMs: 8 } : {})
  const start = plan.isEmbedded ? startEmbeddedFleet : startFleet
  const talks = plan.isTalk ? await startTalks() : null
  const env = { ...provider.providers.env, ...talks?.env }
  const fleet = await start({ random, env, plan, root })
  const until = Date.now() + seconds * 1000
  const isOver = () =>
    Date.now() >= until || (fleet.counts['kill everything'] ?? 0) >= kills || totalOf(fleet.counts) >= misfortunes
  const runs: Conversation[] = []
  const wrong: string[] = []
  let attempts = 0
  const note = (lines: readonly string[]) => {
    wrong.push(...lines)
    for (const line of lines) onWrong(line)
  }
  const judge = async (run: Conversation, isSoon: boolean) => {
    const judged = await judgeConversation({ fleet, provider, plan, isSoon }, run)
    note(judged.wrong)
    return judged.attempts
  }
  const losesWrites = plan.store.misfortunes.some((misfortune) => misfortune.startsWith('lose last writes'))

  const scene = { fleet, random, provider, patienceMs, isLossy: losesWrites }
  const keepTalking = async () => {
    while (talks !== null && !isOver()) {
      const { wrong: found, conversations } = await talks.play(scene)
      runs.push(...conversations)
      note(found)
    }
  }
  const keepConversing = async () => {
    while (!isOver()) {
      const run = await converse({ fleet, random, provider, patienceMs, isBrief: plan.isBrief })
      runs.push(run)
      if (plan.isEmbedded) continue
      const begun = await judge(run, losesWrites)
      if (!losesWrites) attempts += begun
    }
  }
  const keepStriking = async (at: 'processes' | 'store') => {
    const { misfortunes, pauseMs } = plan[at]
    while (misfortunes.length > 0 && !isOver()) {
      await sleep(random.int(pauseMs))
      await fleet.strike(at)
    }
  }
  const allOf = async (work: readonly Promise<void>[]) => {
    const failed = (error: unknown) => note([String(error)])
    await Promise.all(work.map((each) => each.catch(failed)))
  }
  try {
    await talks?.begin(scene)
    await allOf([
      keepStriking('processes'),
      keepStriking('store'),
      ...Array.from({ length: width }, () => (talks === null ? keepConversing() : keepTalking())),
      ...(talks === null ? [] : [sleep(seconds * 500).then(() => talks.removeEndpoint())]),
    ])
    const judgeNow = async (run: Conversation) => {
      const begun = await judge(run, false)
      attempts += begun
    }
    // A reader beside a process that starts would be in its way.
    if (plan.isEmbedded) await allOf(runs.map(judgeNow))
    if (losesWrites) {
      // Some that had ended may have no ending any more, or be gone: nobody can know but by asking.
      await allOf(runs.map(async (run) => void runs.push(await run.again())))
      await allOf(runs.map(judgeNow))
    }
    if (talks !== null) {
      if (!plan.isEmbedded && !losesWrites) await allOf(runs.map(judgeNow))
      note(await talks.judge(scene))
    }
    const told = talks === null ? {} : { talks: talks.counts() }
    return { ...summary(runs), attempts, lost: fleet.lost, misfortunes: fleet.counts, ...told, wrong }
  } finally {
    await fleet.close()
    await provider.close()
    await talks?.close()
  }
}

/** Of all kinds. */
export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

interface Scene {
  readonly fleet: Fleet
  readonly provider: PlayedProvider
  readonly plan: FaultPlan
  readonly isSoon: boolean
}

async function judgeConversation({ fleet, provider, plan, isSoon }: Scene, run: Conversation) {
  const { channelId, topic, histories, answering } = run
  const { wrong, log } = await checkRun(fleet.stored, {
    channelId,
    histories,
    acknowledged: answering.acknowledged,
    told: provider.told.filter((each) => each.channelId === channelId),
    losses: fleet.losses,
    isCalm: plan.isCalm,
    isSoon,
  })
  return {
    wrong: [...wrong, ...(isSoon ? [] : await checkTopic(fleet, topic))],
    attempts: log.filter(({ kind }) => kind === 'dispatch-started').length,
  }
}

/** Calls of ended runs that still stand in a channel's list must not swallow what comes. */
async function checkTopic({ apis, stored }: Fleet, topic: string): Promise<string[]> {
  if ((await stored.waiters(topic)) === 0) return []
  const before = await stored.early(topic)
  for (const api of apis) {
    const outcome = await publish(api, topic, { result: 'is anybody there?' }).catch(() => 'unreachable')
    if (outcome !== 'published') continue
    const after = await stored.early(topic)
    // More than one: it was published by an API that died before it said so, and then again.
    return after > before ? [] : [`${topic}: a message was swallowed by a call of a run that has ended`]
  }
  return []
}

function summary(runs: readonly Conversation[]) {
  const histories = runs.flatMap((run) => run.histories)
  const answerings = runs.map(({ answering }) => answering)
  return {
    runs: runs.length,
    endings: tally(runs.map((run) => run.histories[0]?.events.at(-1)?.__typename ?? 'none')),
    connections: sum(histories.map(({ connections }) => connections)),
    expired: sum(histories.map(({ expired }) => expired)),
    answers: sum(answerings.map(({ acknowledged }) => acknowledged.length)),
    messages: sum(answerings.map(({ messages }) => messages)),
    parks: sum(answerings.map(({ parks }) => parks)),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
