import { isEnded } from '../../src/conversation/run-status.ts'
import { judgeBudget } from '../faults/judge-budget.ts'
import { judgeHistory } from '../faults/judge-history.ts'
import { type Entry, judgeLog } from '../faults/judge-log.ts'
import { latestLookMs } from './fleet.ts'
import { judgeDeliveries } from './judge-deliveries.ts'
import { judgeSteering } from './judge-steering.ts'
import { judgeTalk } from './talk/judge-talk.ts'
import type { World } from './world.ts'

/** What is wrong when all has come to its end. */
export async function judge(world: World): Promise<string[]> {
  const { store, runs, topic, watchers, clients, told } = world
  const wrong: string[] = []
  const byMessage: string[] = []
  for (const key of runs) {
    const log = await store.entries(key)
    // Nobody has said it, it was refused, or it has been removed.
    if (log.length === 0 && (world.talk?.isMoot(key) || world.talk?.mayBeRemoved())) continue
    const [head] = await store.log.heads([key])
    const [run = null] = await store.runs.find([key])
    const isAnother = run !== null && world.witness.isAnother(run)
    const lines = [
      ...judgeLog(log),
      ...judgeBudget(log, world.budgetOf(key)),
      // What was said to an earlier one is gone with it.
      ...(isAnother ? [] : [...judgeSteering(world, key.channel, log), ...judgeRaises(world, key.channel, log)]),
    ]
    for (const { kind } of log)
      if (/ended|completed|failed|cancelled|awaited|started|paused|raised/.test(kind)) world.count(kind)
    for (const watcher of watchers.filter((each) => each.key === key && !isAnother)) {
      // It was refused, although somebody else who was asked has accepted it.
      if (watcher.seen.length === 0 && world.talk?.isMoot(key)) continue
      lines.push(...judgeHistory(log, head?.epoch ?? '', watcher.seen).map((line) => `a watcher: ${line}`))
    }
    const answers = answersIn(log)
    for (const { callId, data } of clients.acknowledged.filter(
      ({ channel }) => channel === key.channel && !isAnother,
    )) {
      const inLog = answers.find((each) => each.callId === callId)
      if (JSON.stringify(inLog?.result) !== JSON.stringify(data)) {
        lines.push(
          `${JSON.stringify(data)} was acknowledged as the answer to ${callId}, the log has ${JSON.stringify(inLog?.result)}`,
        )
      }
    }
    for (const { channel, providerCallId, result } of told) {
      // A worker learns that the store has gone back when it next appends; nothing of what it does till then is kept.
      if (channel !== key.channel || world.losses() > 0 || isAnother) continue
      const matching = answers.filter((each) => each.providerCallId === providerCallId)
      // A worker tells its own answers to the model before they are in the log. If it is fenced just then, they never are.
      if (matching.length === 0 && !comesFromOutside(log, providerCallId)) continue
      if (matching.length !== 1 || JSON.stringify(matching[0]?.result) !== JSON.stringify(result)) {
        lines.push(
          `the model was told ${JSON.stringify(result)} of ${providerCallId}, the log has ${JSON.stringify(matching)}`,
        )
      }
    }
    byMessage.push(...answers.filter(({ name }) => name === 'listen').map(({ result }) => JSON.stringify(result)))
    const pending = await store.runs.pending(key)
    if (pending.length > 0) lines.push(`${pending.length} calls of an ended run can still be answered`)
    wrong.push(...lines.map((line) => `${key.channel}: ${line}`))
  }
  const messages = await store.entries(topic)
  const kept = world.losses() > 0 ? null : await store.kept(topic)
  const had = byMessage.filter((result) => result !== timedOut).length
  const left = messages.length - had - (kept?.early ?? 0)
  if (kept !== null && (left < 0 || left > kept.matched)) {
    wrong.push(`of ${messages.length} messages, calls had ${had}, ${kept.early} are kept and ${kept.matched} matched`)
  }
  wrong.push(...judgeMessages(world, messages, byMessage), ...(await judgeDeliveries(world)))
  return world.talk === null ? wrong : [...wrong, ...(await judgeTalk(world, world.talk))]
}

/** Run 32: a raise that was acknowledged is in the log, once. */
function judgeRaises({ clients }: World, channel: string, log: readonly Entry[]): string[] {
  const inLog = log.flatMap(({ kind, event }) => (kind === 'limits-raised' ? [event.limits?.['calls']] : []))
  return clients.raised.flatMap(({ calls, ...raised }) =>
    raised.channel === channel && !inLog.includes(calls)
      ? [`limits were raised to ${calls} calls, and the log has ${inLog}`]
      : [],
  )
}

/** Clause 3 of the run protocol: whatever has not ended is looked at again before long, also where its job is lost. */
export async function judgeLooks({ store, runs }: World): Promise<string[]> {
  const entries = await store.due.due(Number.MAX_SAFE_INTEGER, 100)
  const found = await store.runs.find(runs)
  return found.flatMap((run) => {
    if (run === null || isEnded(run.status)) return []
    const entry = entries.find(({ key }) => key.channel === run.key.channel)
    const inMs = entry === undefined ? Number.POSITIVE_INFINITY : entry.at - store.clock()
    return inMs <= latestLookMs ? [] : [`${run.key.channel} is ${run.status}, and nobody looks at it for ${inMs} ms`]
  })
}

const timedOut = JSON.stringify({ error: 'No answer came in time.' })

/**
 * No message answers two calls. Each time that the store has gone back, one that is lost may have reached its call all the same,
 * and one in the hands of somebody who then cannot say so may be there for another call.
 */
function judgeMessages({ clients, losses }: World, topic: readonly Entry[], answers: readonly string[]): string[] {
  const inLog = topic.map(({ event }) => JSON.stringify((event.payload as { readonly result?: unknown }).result))
  const published = losses() > 0 ? clients.published : inLog
  return [...new Set(answers)].flatMap((value) => {
    const given = answers.filter((answer) => answer === value).length
    const came = published.filter((result) => result === value).length
    return came > 0 && given > came + losses() ? [`${came} messages ${value} answered ${given} calls`] : []
  })
}

interface Answer {
  readonly callId: string
  readonly providerCallId: string
  readonly name: string
  readonly result: unknown
}

function answersIn(log: readonly Entry[]): readonly Answer[] {
  const providerIds = new Map<string, string>()
  return log.flatMap(({ kind, event }) => {
    const { id = '', name = '' } = event.call ?? {}
    if (kind === 'function-call-requested') providerIds.set(id, event.providerCallId ?? '')
    if (kind !== 'function-call-completed' && kind !== 'function-call-failed') return []
    const result = kind === 'function-call-completed' ? event.data : { error: event.error?.message }
    return [{ callId: id, providerCallId: providerIds.get(id) ?? '', name, result }]
  })
}

function comesFromOutside(log: readonly Entry[], providerCallId: string): boolean {
  const call = log.find(({ event }) => event.providerCallId === providerCallId)?.event.call
  return call?.name === 'ask' || call?.name === 'listen'
}
