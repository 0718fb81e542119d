import type { Step } from '../conversation/decide.ts'
import type { Fact, Recorded } from '../conversation/event.ts'
import type { Answers } from '../dispatch/answer.ts'
import type { RunStore } from '../dispatch/run-store.ts'
import type { DueList } from '../dispatch/schedule/due.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import { ClaimLost, type EventWriter } from './event-writer.ts'
import type { ParkReply } from './run-conversation.ts'

export interface ParkDeps {
  readonly runs: RunStore
  readonly due: DueList
  readonly answers: Pick<Answers, 'awaitMessage'>
}

export interface Parking {
  readonly key: ChannelKey
  readonly claim: string
  readonly writer: EventWriter
  readonly step: Step & { kind: 'park' }
  /** The facts by which `decide` chose to park. */
  readonly seen: readonly Recorded<Fact>[]
}

/**
 * Parks a run. The order matters: first the announcements are in the log, then the calls wait on their channels, then an entry
 * in the due list covers the earliest deadline, and only then is the run parked. An answer that came meanwhile is news.
 */
export async function parkRun(
  { answers, due, runs }: ParkDeps,
  { key, claim, writer, step: { calls, until }, seen }: Parking,
): Promise<ParkReply> {
  await writer.flushed()
  const pending = await runs.pending(key)
  // In the order of the calls: the first to wait is answered first.
  for (const { call } of calls) {
    const channel = pending.find((each) => each.call.id === call.id)?.resultChannelId ?? null
    if (channel !== null) await answers.awaitMessage(key, call.id, { account: key.account, channel })
  }
  await due.bring(key, until)
  const outcome = await runs.park(key, { claim, ...writer.known, seenFacts: seen.length })
  if (outcome === 'lost') throw new ClaimLost()
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
