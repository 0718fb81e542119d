import { cutTranscript } from '../../conversation/cut-transcript.ts'
import type { Cancellation } from '../../conversation/decide.ts'
import { ownTurns } from '../../conversation/earlier-turn.ts'
import type { DispatchError, Fact, Recorded } from '../../conversation/event.ts'
import { fold, transcript } from '../../conversation/fold.ts'
import { isEnded } from '../../conversation/run-status.ts'
import type { ChannelKey, ConversationKey, Ids } from '../../kernel/ids.ts'
import type { Run } from '../run.ts'
import type { RunStore } from '../run-store.ts'
import { jobOf, type Queue, type Traceparent, traced } from '../schedule/queue.ts'
import { type Line, type LinePlace, type Lines, lineTimings } from './line.ts'
import type { Said, Transcripts } from './transcripts.ts'

export interface LineWorkDeps {
  readonly runs: RunStore
  readonly lines: Lines
  readonly transcripts: Transcripts
  readonly queue: Queue
  readonly ids: Ids
  readonly clock: () => number
  readonly traceparent: Traceparent
  /** A place without a run is given up after this time, by the store's clock. Longer than a run may take to be created. */
  readonly absentMs: number
}

/**
 * What moves the lines of conversations on. Line, runs and transcripts are changed by a step each, in an order after which a crash
 * leaves nothing that the next call does not finish. Any number of processes may do it at once.
 */
export interface LineWork {
  /** Settles the dispatches that have ended, and begins the one whose turn it is. */
  advance(key: ConversationKey): Promise<void>
  /** Gives up the places whose runs were never created, and advances the line. False: some may still get theirs. */
  tidy(key: ConversationKey): Promise<boolean>
  /** For a held run that somebody has found: joins it again if its line has forgotten it, and advances the line. */
  mend(run: Run): Promise<void>
  /** Whether its line has a place of this dispatch. */
  hasPlace(run: Pick<Run, 'key' | 'turn'>): Promise<boolean>
}

export function createLineWork(deps: LineWorkDeps): LineWork {
  const { runs, lines, transcripts, queue, ids, clock, absentMs } = deps

  /** The line goes on from another list. */
  const forgetOther = async (key: ConversationKey, before: Line['transcript'], after: Line['transcript']) => {
    if (before !== null && before.root !== after?.root) await transcripts.forget(key, before)
  }
  /**
   * Lets go of what was written for a dispatch, and of where the line stood before, unless it goes on from there. Who is told that it has changed
   * nothing may have done it all the same, and has not heard: the reply was lost.
   */
  const abandon = async (key: ConversationKey, { channel }: LinePlace, before: Line['transcript']) => {
    const [line] = await lines.find([key])
    const now = line?.transcript ?? null
    await transcripts.abandon(key, channel, now)
    await forgetOther(key, before, now)
  }
  /** Cuts the transcript for the dispatch whose turn it is. False: the message up to which it is to be kept is not there. */
  const branch = async ({ key, transcript: before }: Line, place: LinePlace): Promise<boolean> => {
    const whole = before === null ? null : await transcripts.read(key.account, before)
    const kept = whole === null || place.upTo === null ? null : cutTranscript(whole, place.upTo)
    // Where somebody else has cut it since, the list that it was cut from may be gone.
    if (kept === null) return !(await isFirstToCut(key, place))
    const after = await transcripts.branch(key, { origin: place.channel, ...kept })
    if (await lines.branch(key, place, after)) await forgetOther(key, before, after)
    else await abandon(key, place, before)
    return true
  }
  const isFirstToCut = async (key: ConversationKey, { ticket }: LinePlace) => {
    const [line] = await lines.find([key])
    const first = line?.places[0]
    return first?.ticket === ticket && first.upTo !== null
  }
  const begin = async (key: ChannelKey, { ticket, upTo }: LinePlace, line: Line): Promise<Run | null> => {
    const turn = { conversation: line.key.conversation, ticket, tag: ids.tag() }
    if (upTo !== null) return runs.begin(key, { ...turn, transcript: null, refusal: notThere, bytes: 0 })
    const bytes = line.transcript === null ? null : await transcripts.hold(key, line.transcript)
    // A store that has lost the transcript begins anew.
    const held = bytes === null ? null : line.transcript
    return runs.begin(key, { ...turn, transcript: held, refusal: null, bytes: bytes ?? 0 })
  }
  /** @param isLeftOut what it has said is no part of the transcript */
  const settle = async ({ key, transcript: before }: Line, place: LinePlace, isLeftOut: boolean) => {
    const run = { account: key.account, channel: place.channel }
    const said = saidBy(place, isLeftOut ? [] : await runs.facts(run))
    // Not where it stood when the line was read: somebody may have cut it since.
    const after = said.messages.length === 0 ? null : await transcripts.extend(key, before, said)
    const isFirst = await lines.settle(key, place, after)
    if (isFirst && after !== null) await forgetOther(key, before, after)
    // Others may have written what it has said, before it was to be left out.
    if (!isFirst || isLeftOut) await abandon(key, place, before)
    if (before !== null) await transcripts.release(run, before)
  }
  /** The runs of the places, and the places whose wishes count: until their own runs exist nobody was told that they were accepted. */
  const wishesOf = async ({ key, places }: Line) => {
    if (places.every(({ wish }) => wish === null)) return { found: [], wishes: [] }
    const found = await runs.find(places.map(({ channel }) => ({ account: key.account, channel })))
    const wishes = places.filter(
      ({ wish, ticket }, index) => index > 0 && wish !== null && found[index]?.turn?.ticket === ticket,
    )
    return { found, wishes }
  }
  /** Cancels the runs whose place others in the line want. False: the first place is wanted, and has no run that could be cancelled. */
  const carryOutWishes = async (line: Line): Promise<boolean> => {
    const { found, wishes } = await wishesOf(line)
    const last = wishes.at(-1)
    if (last === undefined) return true
    const isForced = clock() - last.joinedAt > lineTimings.patienceMs
    for (const [index, { ticket }] of line.places.slice(0, line.places.indexOf(last)).entries()) {
      const run = found[index]
      if (run == null || isEnded(run.status) || run.turn?.ticket !== ticket) continue
      await runs.cancel(run.key, { cancellation: madeRoom, isForced, tag: ids.tag() })
    }
    return found[0] != null
  }
  /** What the run has said that has ended goes into the transcript. True: the line has another first place by now. */
  const settleEnded = async (line: Line, place: LinePlace, { status }: Run): Promise<true> => {
    const mayBeLeftOut = status === 'cancelled' || place.upTo !== null
    // Read after the ending: whoever was accepted before that stands there, and whoever has cut the transcript has said so.
    const [now = null] = mayBeLeftOut ? await lines.find([line.key]) : [line]
    const [first] = now?.places ?? []
    if (now === null || first?.ticket !== place.ticket) return true
    // One that has ended by itself has said what it has said; one whose transcript was never cut for it has nothing to go on from.
    const isRolledBack = status === 'cancelled' && (await wishesOf(now)).wishes.some(({ wish }) => wish === 'rollback')
    await settle(now, first, first.upTo !== null || isRolledBack)
    return true
  }
  /** True: the line may have another first place by now. */
  const step = async (key: ConversationKey): Promise<boolean> => {
    const [line = null] = await lines.find([key])
    const place = line?.places[0]
    if (line === null || place === undefined) return false
    const isCarriedOut = await carryOutWishes(line)
    const channel: ChannelKey = { account: key.account, channel: place.channel }
    const [run = null] = await runs.find([channel])
    // Whoever took the place is about to create the run, or has died.
    if (run === null) {
      return lines.leave(key, { ...place, leastAgeMs: absentMs, unlessShared: false, forgets: true })
    }
    const isMember = run.turn?.conversation === key.conversation
    if (!isMember || run.turn.ticket !== place.ticket) {
      return lines.leave(key, { ...place, leastAgeMs: 0, unlessShared: false, forgets: !isMember })
    }
    if (isEnded(run.status)) return settleEnded(line, place, run)
    if (!run.turn.isHeld) return false
    // It has come to be since: another look cancels it, and it does not begin.
    if (!isCarriedOut) return true
    if (place.upTo !== null && (await branch(line, place))) return true
    const begun = await begin(channel, place, line)
    // It has ended meanwhile, and whoever settled it may have let go of the transcript before it was held.
    if (line.transcript !== null && (begun === null || isEnded(begun.status)))
      await transcripts.release(channel, line.transcript)
    // Held: what was looked at is not so any more.
    if (begun === null || begun.status !== 'queued' || begun.turn?.isHeld) return true
    if ((begun.notBefore ?? 0) <= clock()) {
      await queue.add({ ...jobOf(begun), ...traced(deps.traceparent) })
    }
    return false
  }
  const advance: LineWork['advance'] = async (key) => {
    while (await step(key));
  }

  return {
    advance,
    async tidy(key) {
      const [line] = await lines.find([key])
      const places = line?.places ?? []
      const found = await runs.find(places.map(({ channel }) => ({ account: key.account, channel })))
      const absent = places.filter((_place, index) => found[index] == null)
      const left = await Promise.all(
        absent.map((place) => lines.leave(key, { ...place, leastAgeMs: absentMs, unlessShared: false, forgets: true })),
      )
      await advance(key)
      return left.every((hasLeft) => hasLeft)
    },
    async hasPlace({ key: { account, channel }, turn }) {
      if (turn === null) return false
      const [line] = await lines.find([{ account, conversation: turn.conversation }])
      return line?.places.some((place) => place.channel === channel) ?? false
    },
    async mend({ key: { account, channel }, turn }) {
      if (turn === null) return
      const { conversation, ticket } = turn
      const key = { account, conversation }
      const place = { channel, ticket, rejects: false, wish: null, upTo: null, contactId: null }
      const { outcome } = await lines.join(key, { ...place, isRejoin: true })
      if (outcome === 'settled') {
        // Whoever settled it has seen an ending that the store has lost since, unless the run has ended meanwhile.
        const [now] = await runs.find([{ account, channel }])
        if (now?.turn?.isHeld && now.turn.ticket === ticket && !isEnded(now.status))
          await lines.join(key, { ...place, isRejoin: false })
      }
      await advance(key)
    },
  }
}

const notThere: DispatchError = {
  code: 'CONFLICT',
  message: 'The message that it was to continue from is no longer in the transcript.',
}

const madeRoom: Cancellation = { reason: 'The conversation went on with another dispatch.' }

/** What a dispatch and its caller have said, without what was said before. */
function saidBy({ channel }: LinePlace, facts: Awaited<ReturnType<RunStore['facts']>>): Said {
  // The facts stream holds nothing but facts.
  const state = fold(facts as readonly Recorded<Fact>[])
  return { origin: channel, messages: transcript(state).slice(state.taken), turns: ownTurns(state) }
}
