import { encodeEvent } from '../../../channel/entry-codec.ts'
import type { ChannelEvent } from '../../../conversation/event.ts'
import { afterRaise, type PausedBy, type ReachedLimit } from '../../../conversation/limits.ts'
import { isEnded } from '../../../conversation/run-status.ts'
import type { RaiseOutcome } from '../../../dispatch/parking.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { RunStore } from '../../../dispatch/run-store.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { ownSize, sizeOf } from '../channel/log.ts'
import type { Database } from '../database/group-commit.ts'
import type { Pending } from './pending.ts'
import type { RunStoreParts } from './run-parts.ts'
import { type Loaded, pausedOf, type RunRow, saveRun, usageOf } from './run-row.ts'

export interface ParkingParts extends Pick<RunStoreParts, 'ledger' | 'clock' | 'limits' | 'countUsage' | 'telling'> {
  readonly load: (key: ChannelKey) => Loaded | null
  readonly find: (key: ChannelKey) => Run | null
  readonly pending: Pick<Pending, 'hasRaised' | 'rememberRaise'>
  /** Writes the events, and the record as it is from now on. */
  readonly write: (key: ChannelKey, loaded: Loaded, tag: string, events: readonly ChannelEvent[]) => Loaded
}

/** How a run is put aside, and what wakes one that a limit has paused. */
export function createParking(
  { command, sql }: Database,
  { load, find, write, pending, ledger, clock, limits, countUsage, telling }: ParkingParts,
): Pick<RunStore, 'park' | 'raise'> {
  /** The record after a raise. */
  const after = (
    run: RunRow,
    paused: PausedBy | null,
    raise: { tag: string; stillReached: ReachedLimit | null },
  ): RunRow => {
    const bytes = run.bytes + pending.rememberRaise(run.id, raise.tag)
    const next = { ...run, bytes, added: run.added + 1 }
    if (paused === null) return next
    if (raise.stillReached === null)
      return { ...next, status: 'queued', wake: run.wake + 1, paused: null, since: clock() }
    return { ...next, paused: stringifyJson({ ...paused, ...raise.stillReached }) }
  }

  return {
    park: (key, { claim, seq, seenFacts, lastTag, pause }) =>
      command(() => {
        const loaded = load(key)
        if (loaded === null) return 'lost'
        const { run, log } = loaded
        if (run.claim !== claim || run.status !== 'running' || run.seq !== seq) return 'lost'
        if (run.cancelled !== null || log.facts !== seenFacts || log.factTag !== lastTag) return 'news'
        const parked: RunRow = { ...run, status: 'waiting', claim: null, since: clock() }
        if (pause === undefined) {
          saveRun(sql, parked)
          telling.tell(key, parked, { event: 'waiting', notice: lastTag, at: clock(), outcome: null })
          return 'parked'
        }
        const { reachedLimit, pausedUntil, usage } = pause.paused
        countUsage(key.account, usageOf(run), usage)
        const paused = stringifyJson({ ...reachedLimit, until: pausedUntil })
        const resting: RunRow = { ...parked, paused, usage: stringifyJson(usage) }
        write(key, { log, run: resting }, pause.tag, [pause.paused])
        telling.tell(key, resting, { event: 'waiting', notice: pause.tag, at: clock(), outcome: null })
        return 'parked'
      }),

    raise: (key, raise) =>
      command(() => {
        const { limits: raisedTo, by, tag } = raise
        const loaded = load(key)
        if (loaded === null) return null
        const { run, log } = loaded
        const reply = (outcome: RaiseOutcome) => ({ outcome, run: find(key) as Run })
        if (pending.hasRaised(run.id, tag)) return reply('raised')
        if (isEnded(run.status)) return reply('ended')
        const paused = pausedOf(run)
        const reached = paused === null ? null : afterRaise(paused, raisedTo)
        const stillReached =
          reached === null ? null : { kind: reached.kind, used: reached.used, allowed: reached.allowed }
        const event = { type: 'limits-raised', limits: raisedTo, stillReached } as const
        if (by === 'deadline') {
          // Always has room: the run must be able to go on, and to end.
          if (paused === null || clock() < paused.until) return reply('early')
        } else {
          const [own, growth] = [ownSize(log), sizeOf([encodeEvent(event)])]
          const isLong = own.entries >= limits.maxEntries || own.bytes + growth > limits.maxBytes
          if (isLong || ledger.isFull(key.account, growth)) return reply('full')
        }
        write(key, { log, run: after(run, paused, { tag, stillReached }) }, tag, [event])
        return reply('raised')
      }),
  }
}
