import type { ParkStep, Step } from '../conversation/decide.ts'
import type { Fact, Recorded } from '../conversation/event.ts'
import { longestPauseMs } from '../conversation/limits.ts'
import type { Answers } from '../dispatch/answer.ts'
import type { RunStore } from '../dispatch/run-store.ts'
import type { DueList } from '../dispatch/schedule/due.ts'
import type { ChannelKey, Ids } from '../kernel/ids.ts'
import { ClaimLost, type EventWriter } from './event-writer.ts'
import type { ParkReply } from './run-conversation.ts'

export interface ParkDeps {
  readonly runs: RunStore
  readonly due: DueList
  readonly answers: Pick<Answers, 'awaitMessage'>
  readonly ids: Pick<Ids, 'tag'>
}

export interface Parking {
  readonly key: ChannelKey
  readonly claim: string
  readonly writer: EventWriter
  readonly step: ParkStep
  /** The engine's time, in ms since 1970. */
  readonly now: number
  /** The facts by which `decide` chose to park. */
  readonly seen: readonly Recorded<Fact>[]
}

/**
 * Parks a run. The order matters: first the announcements are in the log, then the calls wait on their channels, then an entry
 * in the due list covers the earliest deadline, and only then is the run parked. An answer, or a raise, that came meanwhile is news.
 */
export async function parkRun(deps: ParkDeps, { key, claim, writer, step, now, seen }: Parking): Promise<ParkReply> {
  const { due, runs } = deps
  await writer.flushed()
  if (step.kind === 'park') await awaitMessages(deps, key, step)
  const until = step.kind === 'park' ? step.until : Math.round(now + longestPauseMs)
  await due.bring(key, until)
  const outcome = await runs.park(key, {
    claim,
    ...writer.known,
    seenFacts: seen.length,
    ...(step.kind === 'pause' && { pause: pauseOf(step, until, deps.ids.tag()) }),
  })
  if (outcome === 'lost') {
    // Of a run that was removed meanwhile, the entry would stay until the deadline, for days: whoever looks drops it.
    await due.bring(key, now)
    throw new ClaimLost()
  }
  if (outcome === 'parked') return { outcome }
  const facts = await readNews(runs, key, writer)
  const cancellation = await runs.cancellation(key, claim)
  if (cancellation !== null) writer.cancel(cancellation)
  return { outcome, facts }
}

/** All facts, those that others have written included. The writer has nothing in flight. */
export async function readNews(
  runs: Pick<RunStore, 'facts'>,
  key: ChannelKey,
  writer: Pick<EventWriter, 'hasRead'>,
): Promise<readonly Recorded<Fact>[]> {
  const facts = await runs.facts(key)
  const newest = facts.at(-1)
  if (newest !== undefined) writer.hasRead(newest)
  // The facts stream holds nothing but facts.
  return facts as readonly Recorded<Fact>[]
}

function pauseOf({ reachedLimit, usage }: Step & { kind: 'pause' }, pausedUntil: number, tag: string) {
  return { paused: { type: 'dispatch-paused', reachedLimit, pausedUntil, usage }, tag } as const
}

async function awaitMessages(
  { answers, runs }: ParkDeps,
  key: ChannelKey,
  { calls }: Step & { kind: 'park' },
): Promise<void> {
  const pending = await runs.pending(key)
  // In the order of the calls: the first to wait is answered first.
  for (const { call } of calls) {
    const channel = pending.find((each) => each.call.id === call.id)?.resultChannelId ?? null
    if (channel !== null) await answers.awaitMessage(key, call.id, { account: key.account, channel })
  }
}
