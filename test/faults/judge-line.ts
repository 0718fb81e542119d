import { type Entry, isEnding, type JudgedMessage } from './judge-log.ts'

/** A dispatch that has been accepted into a conversation, as its client and its log know it. Times are in ms, by one clock. */
export interface LinedDispatch {
  readonly channelId: string
  readonly whenBusy: 'enqueue' | 'reject' | 'interrupt' | 'rollback' | 'steer'
  /** The message up to which it keeps the transcript. */
  readonly upTo: string | null
  /** To its ending. */
  readonly log: readonly Entry[]
  /** When it was first sent, and when its client was told that it is accepted; null: it never was. */
  readonly sentAt: number
  readonly acceptedAt: number | null
}

export interface JudgedLine {
  /** In the order of their places. */
  readonly dispatches: readonly LinedDispatch[]
  /** What the conversation keeps when all of them have ended. */
  readonly kept: readonly JudgedMessage[]
  /** How long a dispatch goes on at the most that is to make room for another, in ms. */
  readonly patienceMs: number
}

/** What a run ends with that has made room for another. */
const madeRoom = 'The conversation went on with another dispatch.'

type Transcript = readonly JudgedMessage[]

/** What is wrong with the dispatches of a conversation, all of which have ended, a line each. */
export function judgeLine(line: JudgedLine): string[] {
  return [...judgeOrder(line), ...judgeWishes(line), ...judgeTranscripts(line)]
}

const endOf = ({ log }: LinedDispatch) => log.find(isEnding)
const endedAt = (dispatch: LinedDispatch) => endOf(dispatch)?.at ?? Number.POSITIVE_INFINITY
const isCancelled = (dispatch: LinedDispatch) => endOf(dispatch)?.kind === 'dispatch-cancelled'
/** When its turn came, as far as its log shows; null: it does not. */
const begunAt = ({ log }: LinedDispatch) =>
  log.find(({ kind }) => kind === 'transcript-taken' || kind === 'dispatch-started')?.at ?? null
const createdAt = ({ log }: LinedDispatch) => log[0]?.at ?? 0

/** One at a time, in the order in which they were accepted. */
function judgeOrder({ dispatches }: JudgedLine): string[] {
  const wrong: string[] = []
  for (const [index, dispatch] of dispatches.entries()) {
    const { channelId, whenBusy, acceptedAt } = dispatch
    for (const earlier of dispatches.slice(0, index)) {
      if ((begunAt(dispatch) ?? Number.POSITIVE_INFINITY) < endedAt(earlier)) {
        wrong.push(`${channelId} began before ${earlier.channelId}, which was there first, had ended`)
      }
      if (whenBusy === 'reject' && createdAt(dispatch) < endedAt(earlier)) {
        wrong.push(`${channelId} rejects to wait, and was accepted while ${earlier.channelId} had not ended`)
      }
      if (acceptedAt !== null && acceptedAt < earlier.sentAt) {
        wrong.push(`${channelId} was accepted before ${earlier.channelId} was sent, and stands behind it`)
      }
    }
  }
  return wrong
}

/** A place has a wish once its dispatch exists; none that was never accepted cancels others. */
function judgeWishes({ dispatches, patienceMs }: JudgedLine): string[] {
  const wrong: string[] = []
  for (const [index, dispatch] of dispatches.entries()) {
    const later = dispatches.slice(index + 1).filter(({ whenBusy }) => /interrupt|rollback/.test(whenBusy))
    const began = begunAt(dispatch)
    for (const each of later) {
      const { channelId, acceptedAt } = each
      if (acceptedAt === null) continue
      // One that somebody has cancelled before wishes nothing any more.
      if (began !== null && began > acceptedAt && began < endedAt(each)) {
        wrong.push(`${dispatch.channelId} began after ${channelId} had been accepted, which takes its place`)
      }
      const late = endedAt(dispatch) - acceptedAt
      if (late > patienceMs) wrong.push(`${dispatch.channelId} made room for ${channelId} only after ${late} ms`)
    }
    if (endOf(dispatch)?.event.reason === madeRoom && !later.some((each) => createdAt(each) < endedAt(dispatch))) {
      wrong.push(`${dispatch.channelId} made room for nobody`)
    }
  }
  return wrong
}

/** Each dispatch begins with what the rules say, worked out from the inputs and the logs of those before it. */
function judgeTranscripts({ dispatches, kept }: JudgedLine): string[] {
  const wrong: string[] = []
  // More than one where two orders of events that no log tells apart are both right.
  let possible: readonly Transcript[] = [[]]
  for (const [index, dispatch] of dispatches.entries()) {
    const { channelId, upTo } = dispatch
    if (wasRefused(dispatch)) {
      const without = possible.filter((transcript) => upTo === null || cut(transcript, upTo) === null)
      if (without.length === 0 || upTo === null)
        wrong.push(`${channelId} ended as a conflict, and its message was there`)
      possible = without.length === 0 ? possible : without
      continue
    }
    const bases = possible.flatMap((transcript) => {
      const base = upTo === null ? transcript : cut(transcript, upTo)
      return base === null ? [] : [base]
    })
    if (begunAt(dispatch) === null) {
      // Where it was cancelled before its turn, nobody knows whether its transcript had been cut.
      const uncut = upTo === null ? [] : possible
      possible = distinct([...uncut, ...after(bases, endedOf(dispatches, index))])
      continue
    }
    const taken = takenBy(dispatch)
    if (!bases.some((base) => isSame(base, taken))) {
      wrong.push(
        `${channelId} began with ${show(taken)}; the rules say ${bases.map(show).join(' or ') || 'a conflict'}`,
      )
    }
    possible = distinct(after([taken], endedOf(dispatches, index)))
  }
  if (!possible.some((transcript) => isSame(transcript, kept))) {
    wrong.push(`the conversation keeps ${show(kept)}; the rules say ${possible.map(show).join(' or ')}`)
  }
  return wrong
}

/** Its message was not there when its turn came. */
function wasRefused(dispatch: LinedDispatch): boolean {
  const { kind, event } = endOf(dispatch) ?? {}
  return kind === 'dispatch-failed' && event?.error?.code === 'CONFLICT' && begunAt(dispatch) === null
}

interface Ended {
  readonly dispatch: LinedDispatch
  readonly later: readonly LinedDispatch[]
  /** When it can be settled: those before it have ended, too. */
  readonly settledFrom: number
}

function endedOf(dispatches: readonly LinedDispatch[], index: number): Ended {
  const [dispatch, ...later] = dispatches.slice(index) as [LinedDispatch, ...LinedDispatch[]]
  return { dispatch, later, settledFrom: Math.max(...dispatches.slice(0, index + 1).map(endedAt)) }
}

/** What may stand in the transcript once it has been settled. */
function after(bases: readonly Transcript[], { dispatch, later, settledFrom }: Ended): readonly Transcript[] {
  const rollbacks = isCancelled(dispatch) ? later.filter(({ whenBusy }) => whenBusy === 'rollback') : []
  const isLeftOut = rollbacks.some((each) => createdAt(each) < endedAt(dispatch))
  // One that was sent later finds it settled. Between the two nobody can tell.
  const mayBe = rollbacks.some(({ sentAt }) => sentAt <= settledFrom)
  const whole = bases.map((base) => [...base, ...saidBy(dispatch)])
  return isLeftOut ? bases : mayBe ? [...whole, ...bases] : whole
}

/**
 * What it and its caller have said, without what was said before. What was added while it went on stands before the next model call, behind
 * what that was under way when it came, and at the end if there was none.
 */
export function saidBy({ log }: Pick<LinedDispatch, 'log'>): Transcript {
  const said: JudgedMessage[] = []
  let added: readonly JudgedMessage[] = []
  for (const { kind, event } of log) {
    if (kind === 'dispatch-queued') said.push(...(event.messages ?? []))
    if (kind === 'message-completed' && event.message !== undefined) said.push(event.message)
    if (kind === 'messages-added') added = [...added, ...(event.messages ?? [])]
    if (kind !== 'iteration-started') continue
    said.push(...added)
    added = []
  }
  return [...said, ...added]
}

export function takenBy({ log }: Pick<LinedDispatch, 'log'>): Transcript {
  return log.find(({ kind }) => kind === 'transcript-taken')?.event.messages ?? []
}

/** Up to and with the message; null: it is not there. */
export function cut(transcript: Transcript, upTo: string): Transcript | null {
  const at = transcript.findIndex(({ id }) => id === upTo)
  return at === -1 ? null : transcript.slice(0, at + 1)
}

export function isSame(one: Transcript, other: Transcript): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function distinct(transcripts: readonly Transcript[]): readonly Transcript[] {
  return transcripts.filter((each, index) => transcripts.findIndex((other) => isSame(each, other)) === index)
}

export function show(transcript: Transcript): string {
  return `[${transcript.map(({ type, text, id }) => (type === 'activity' ? 'activity' : text || id)).join(' | ')}]`
}
