import { latestTurns } from '../conversation/earlier-turn.ts'
import type { ChannelEvent, DispatchQueued, EarlierTurn, TranscriptTaken } from '../conversation/event.ts'
import type { Message } from '../conversation/message.ts'
import type { Said, Transcript, TranscriptPlace } from '../dispatch/line/transcripts.ts'
import { type NewRun, queuedEvent } from '../dispatch/run-store.ts'
import type { ChannelId, ConversationKey } from '../kernel/ids.ts'
import { parseJson, stringifyJson } from '../kernel/json.ts'

/**
 * What was said so far, kept once for all that go on from it: an append-only list of segments, one for each dispatch that was
 * continued. A dispatch refers to the first so many. Two that continue different dispatches at the same place part: the second gets
 * a list of its own, with a copy.
 */

/** What one dispatch adds to a list. */
export interface NewSegment {
  /** The dispatch that said this. */
  readonly origin: ChannelId
  readonly text: string
  /** What the list's reader refers to once it is there. */
  readonly place: TranscriptPlace
}

/** A segment as it is read. */
export interface Segment {
  readonly messages: readonly Message[]
  readonly turns: readonly EarlierTurn[]
}

/** An event as it is stored: its earlier messages and its turns are in the list. */
type Referring = (DispatchQueued | TranscriptTaken) & { readonly transcript: Reference }

type Reference = Omit<TranscriptPlace, 'messages'>

/**
 * Where the transcript that a run continues may stand, in order of preference. The last always fits: a list of its own.
 * @param before where that of the continued dispatch stands; null: nowhere, so all of it is that dispatch's own.
 */
export function* segmentsFor(input: NewRun, before: TranscriptPlace | null): Generator<NewSegment, void> {
  const { continues, messages, turns = [] } = input
  if (continues === undefined) return
  const origin = continues.channel
  const segment = (root: string, at: number, from: number, ofTurns: readonly EarlierTurn[]): NewSegment => ({
    origin,
    text: stringifyJson({ messages: messages.slice(from, continues.messages), turns: ofTurns } satisfies Segment),
    place: { root, length: at + 1, messages: continues.messages },
  })
  // A part of what that dispatch has said is no segment of its own.
  const isWhole = continues.listFor === undefined
  if (before !== null && isWhole) yield segment(before.root, before.length, before.messages, continues.ownTurns)
  yield segment(continues.listFor ?? origin, 0, 0, turns)
}

/** Where what a dispatch has said may stand in the transcript of its conversation, behind `before`. */
export function segmentBehind(before: TranscriptPlace, said: Said): NewSegment {
  const { root, length } = before
  return conversationSegment(root, length, before.messages, said)
}

/** Where a list of the conversation's own may begin with this dispatch, in order of preference. @param before what it goes on from */
export function segmentsAlone(key: ConversationKey, before: Transcript, said: Said): readonly NewSegment[] {
  const messages = [...before.messages, ...said.messages]
  const turns = latestTurns([...before.turns, ...said.turns])
  const { origin } = said
  return ownRoots(key, origin).alone.map((root) => conversationSegment(root, 0, 0, { origin, messages, turns }))
}

function conversationSegment(root: string, at: number, before: number, { origin, messages, turns }: Said): NewSegment {
  return {
    origin,
    text: stringifyJson({ messages, turns } satisfies Segment),
    place: { root, length: at + 1, messages: before + messages.length },
  }
}

/** Where a list that begins with what is kept of a transcript for this dispatch may stand, in order of preference. */
export function segmentsKept(key: ConversationKey, kept: Said): readonly NewSegment[] {
  return ownRoots(key, kept.origin).kept.map((root) => conversationSegment(root, 0, 0, kept))
}

/**
 * The names of the lists of a conversation's own that may begin with a dispatch. No dispatch's list has such a name. More than one of a kind:
 * a dispatch that was removed, and is sent again under its id, says other words, and the conversation may stand on the list of the first.
 */
function ownRoots({ conversation }: ConversationKey, origin: ChannelId) {
  const named = (base: string) => [base, ...Array.from({ length: mostLives - 1 }, (_, n) => `${base}/${n + 1}`)]
  return { alone: named(`${conversation}/${origin}`), kept: named(`${conversation}/to/${origin}`) }
}

/** A list is used again once nobody needs it, so these are in use at one time. */
const mostLives = 20

/** Of each kind, all of them; the first one may be the only one that is there. */
export function rootsOf(key: ConversationKey, origin: ChannelId): readonly (readonly string[])[] {
  return Object.values(ownRoots(key, origin))
}

/** Who holds a list for a conversation: no dispatch has such a name. */
export function holderOf({ conversation }: ConversationKey): string {
  return `${conversation}/`
}

/** The first event of a run's log, without what is in its transcript. */
export function storedQueued(input: NewRun, place: TranscriptPlace | null): DispatchQueued {
  if (place === null) return queuedEvent(input)
  const { root, length, messages } = place
  return {
    type: 'dispatch-queued',
    messages: input.messages.slice(messages),
    transcript: { root, length },
    ...(input.echo !== undefined && { echo: input.echo }),
  } as DispatchQueued
}

/** `transcript-taken` as it is stored. */
export function storedTaken({ root, length }: TranscriptPlace): TranscriptTaken {
  return { type: 'transcript-taken', messages: [], transcript: { root, length } } as TranscriptTaken
}

export function refersTo(event: ChannelEvent): Reference | null {
  const mayRefer = event.type === 'dispatch-queued' || event.type === 'transcript-taken'
  return mayRefer && 'transcript' in event ? (event as Referring).transcript : null
}

/** The event as its readers know it. @param segments those that it refers to */
export function withTranscript(event: ChannelEvent, segments: readonly Segment[]): ChannelEvent {
  const { transcript: _transcript, ...stored } = event as Referring
  const earlier = transcriptOf(segments)
  const whole = { ...stored, ...earlier, messages: [...earlier.messages, ...stored.messages] }
  return { ...queuedEvent(whole), type: stored.type }
}

/** Written by segmentsFor, segmentBehind or segmentAlone. */
export function parseSegment(text: string): Segment {
  return parseJson(text) as Segment
}

export function transcriptOf(segments: readonly Segment[]): Transcript {
  return {
    messages: segments.flatMap(({ messages }) => messages),
    turns: latestTurns(segments.flatMap(({ turns }) => turns)),
  }
}

/** As it stands beside the log: root, length, messages. */
export function encodePlace({ root, length, messages }: TranscriptPlace): string {
  return `${root} ${length} ${messages}`
}

export function decodePlace(text: string): TranscriptPlace {
  const [root = '', length, messages] = text.split(' ')
  // Written by encodePlace.
  return { root, length: Number(length), messages: Number(messages) }
}
