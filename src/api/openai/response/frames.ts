import { isEnding } from '../../../conversation/event-traits.ts'
import type { FrameFold } from '../../facade/read-frames.ts'
import type { ResponseFold } from './fold.ts'
import type { ResponseEvent } from './output.ts'
import type { ResponseObject } from './response-object.ts'
import { chunksOf } from './text-chunk.ts'

/** The events of a response of which something comes after a number that its client has. */
export function eventFrames(fold: ResponseFold, startingAfter: number): FrameFold<ResponseEvent> {
  return {
    accept: ({ event, at }) => ({
      frames: fold.accept(event, at).filter((told) => told.sequence_number > startingAfter),
      isEnd: isEnding(event),
    }),
  }
}

/** The response alone, once it has ended or can only wait for its client. */
export function responseFrame(fold: ResponseFold): FrameFold<ResponseObject> {
  return {
    accept({ event, at }) {
      fold.accept(event, at)
      return isEnding(event) ? { frames: [fold.response()], isEnd: true } : { frames: [], isEnd: false }
    },
    atHead: () => (fold.isWaiting() ? { frames: [fold.response()], isEnd: true } : { frames: [], isEnd: false }),
  }
}

/**
 * What clients are sent of an event of the fold, as far as it comes after the number: an event of its own for each chunk of a text. One
 * may begin before the number, if its client got that from a release that cut texts in other places.
 */
export function* wireEvents(event: ResponseEvent, startingAfter: number): Generator<ResponseEvent, void> {
  const { sequence_number: last, delta, type } = event
  if (typeof delta !== 'string' || !type.endsWith('text.delta')) {
    if (last > startingAfter) yield event
    return
  }
  let number = last - delta.length
  for (const chunk of chunksOf(delta)) {
    number += chunk.length
    const units = number - startingAfter
    if (units > 0)
      yield { ...event, sequence_number: number, delta: units < chunk.length ? chunk.slice(-units) : chunk }
  }
}

/** The same as clients of event streams read it. */
export function* eventTexts(event: ResponseEvent, startingAfter: number): Generator<string, void> {
  for (const each of wireEvents(event, startingAfter)) yield `event: ${each.type}\ndata: ${JSON.stringify(each)}\n\n`
}
