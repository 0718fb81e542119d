import type { Acknowledged } from './answering.ts'
import type { History } from './clients.ts'
import { judgeHistory } from './judge-history.ts'
import { type Entry, isDelta, judgeLog, judgePromptness } from './judge-log.ts'
import type { ToldResult } from './played-provider.ts'
import type { StoredRuns } from './stored-runs.ts'

/** All that clients and providers know of one run. */
export interface Witnessed {
  readonly channelId: string
  readonly histories: readonly History[]
  readonly acknowledged: readonly Acknowledged[]
  readonly told: readonly ToldResult[]
  /** When Redis lost its last writes: what was accepted before that may be gone. */
  readonly losses: readonly number[]
  /** Nothing went wrong that excuses a wait. */
  readonly isCalm: boolean
  /** The store may go back any moment: only if the log still has the ending that the watchers saw is it judged. */
  readonly isSoon: boolean
}

export interface Judgement {
  /** A line each; empty when all is well. */
  readonly wrong: readonly string[]
  readonly log: readonly Entry[]
}

/** What is wrong with a run that has ended. */
export async function checkRun(stored: StoredRuns, witnessed: Witnessed): Promise<Judgement> {
  const { channelId, histories, acknowledged, told, losses, isCalm } = witnessed
  const { log, epoch, facts, last } = await stored.read(channelId)
  if (witnessed.isSoon && !histories.every(({ events }) => isSameEnd(events, log))) return { wrong: [], log }
  const wrong = [...judgeLog(log), ...(isCalm ? judgePromptness(log) : [])]
  const factIds = log.filter(({ kind }) => !isDelta(kind)).map(({ offset }) => `${offset}-0`)
  if (factIds.join() !== facts.join()) wrong.push('the facts are not the log without its deltas')
  if (last !== log.length) wrong.push(`the head says ${last}, the log has ${log.length}`)
  const pending = await stored.pending(channelId)
  if (pending > 0) wrong.push(`${pending} calls can still be answered`)
  const mayBeGone = (at: number) => losses.some((loss) => loss >= at)

  for (const [index, { events }] of histories.entries()) {
    // It saw an ending that the store then lost.
    if (losses.length > 0 && !isSameEnd(events, log)) continue
    const seen = events.map(({ cursor, __typename, text }) => ({ cursor, kind: kindOf(__typename), text }))
    wrong.push(...judgeHistory(log, epoch, seen).map((line) => `watcher ${index}: ${line}`))
  }
  const answers = answersIn(log)
  for (const { callId, data, at } of acknowledged) {
    const answer = answers.find((each) => each.callId === callId)
    if (mayBeGone(at) || JSON.stringify(answer?.result) === JSON.stringify(data)) continue
    wrong.push(`${JSON.stringify(data)} was acknowledged for ${callId}; the log has ${JSON.stringify(answer?.result)}`)
  }
  for (const { providerCallId, content } of told) {
    // A worker learns that the store has gone back when it next appends; nothing of what it does till then is kept.
    if (losses.length > 0) continue
    const call = log.find(({ event }) => event.providerCallId === providerCallId)?.event.call
    const given = answers.filter((each) => each.callId === call?.id)
    // Its own answers a worker tells before they are in the log; when it is fenced just then, they never are.
    if (given.length === 0 && (call === undefined || call.name === 'known')) continue
    if (given.length !== 1 || JSON.stringify(given[0]?.result) !== content) {
      wrong.push(`a provider was told ${content} of ${providerCallId}; the log has ${JSON.stringify(given)}`)
    }
  }
  return { wrong: wrong.map((line) => `${channelId}: ${line}`), log }
}

function isSameEnd(events: History['events'], log: readonly Entry[]): boolean {
  const [, offset, tag] = events.at(-1)?.cursor.split('.') ?? []
  return log[Number(offset) - 1]?.tag === tag && log.length === Number(offset)
}

/** `FunctionCallFailed` as the log calls it. */
function kindOf(typename: string): string {
  return typename.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
}

function answersIn(log: readonly Entry[]): readonly { readonly callId: string; readonly result: unknown }[] {
  return log.flatMap(({ kind, event }) => {
    const callId = event.call?.id ?? ''
    if (kind === 'function-call-completed') return [{ callId, result: event.data }]
    return kind === 'function-call-failed' ? [{ callId, result: { error: event.error?.message } }] : []
  })
}
