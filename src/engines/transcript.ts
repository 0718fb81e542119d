import { latestTurns } from '../conversation/earlier-turn.ts'
import type { ChannelEvent, DispatchQueued, EarlierTurn } from '../conversation/event.ts'
import type { Message } from '../conversation/message.ts'
import { type NewRun, queuedEvent } from '../dispatch/run-store.ts'
import type { ChannelId } from '../kernel/ids.ts'
import { parseJson, stringifyJson } from '../kernel/json.ts'

/**
 * What a conversation has said so far, kept once for all of its dispatches: an append-only list of segments, one for each
 * dispatch that was continued. A dispatch refers to the first so many. Two that continue different dispatches at the same
 * place part: the second gets a list of its own, with a copy.
 */
export interface TranscriptPlace {
  /** Names the list: the dispatch for whose continuation it was begun. */
  readonly root: ChannelId
  /** In segments. */
  readonly length: number
  /** In messages. */
  readonly messages: number
}

/** What one dispatch adds to a list. */
export interface NewSegment {
  /** The dispatch that said this. */
  readonly origin: ChannelId
  readonly text: string
  /** What the list's reader refers to once it is there. */
  readonly place: TranscriptPlace
}

interface Segment {
  readonly messages: readonly Message[]
  readonly turns: readonly EarlierTurn[]
}

/** An event as it is stored: its earlier messages and its turns are in the list. */
export interface ReferringQueued extends DispatchQueued {
  readonly transcript: Omit<TranscriptPlace, 'messages'>
}

/**
 * Where the transcript that a run continues may stand, in order of preference. The last always fits: a list of its own.
 * @param before where that of the continued dispatch stands; null: nowhere, so all of it is that dispatch's own.
 */
export function* segmentsFor(input: NewRun, before: TranscriptPlace | null): Generator<NewSegment, void> {
  const { continues, messages, turns = [] } = input
  if (continues === undefined) return
  const origin = continues.channel
  const segment = (root: ChannelId, at: number, from: number, ofTurns: readonly EarlierTurn[]): NewSegment => ({
    origin,
    text: stringifyJson({ messages: messages.slice(from, continues.messages), turns: ofTurns } satisfies Segment),
    place: { root, length: at + 1, messages: continues.messages },
  })
  if (before !== null) yield segment(before.root, before.length, before.messages, continues.ownTurns)
  yield segment(origin, 0, 0, turns)
}

/** The first event of a run's log, without what is in its transcript. */
export function storedQueued(input: NewRun, place: TranscriptPlace | null): DispatchQueued {
  if (place === null) return queuedEvent(input)
  const { root, length, messages } = place
  return {
    type: 'dispatch-queued',
    messages: input.messages.slice(messages),
    transcript: { root, length },
  } as ReferringQueued
}

export function refersTo(event: ChannelEvent): ReferringQueued['transcript'] | null {
  return event.type === 'dispatch-queued' && 'transcript' in event ? (event as ReferringQueued).transcript : null
}

/** The event as its readers know it. @param segments those that it refers to */
export function withTranscript({ messages }: DispatchQueued, segments: readonly string[]): DispatchQueued {
  // Written by segmentsFor.
  const earlier = segments.map((text) => parseJson(text) as Segment)
  return queuedEvent({
    messages: [...earlier.flatMap((segment) => segment.messages), ...messages],
    turns: latestTurns(earlier.flatMap((segment) => segment.turns)),
  })
}

/** As it stands beside the log: root, length, messages. */
export function encodePlace({ root, length, messages }: TranscriptPlace): string {
  return `${root} ${length} ${messages}`
}

export function decodePlace(text: string): TranscriptPlace {
  const [root = '', length, messages] = text.split(' ')
  // Written by encodePlace.
  return { root: root as ChannelId, length: Number(length), messages: Number(messages) }
}
