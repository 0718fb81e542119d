import { isEnding } from '../../../conversation/event-traits.ts'
import type { FrameFold } from '../../facade/read-frames.ts'
import type { ResponseFold } from './fold.ts'
import type { ResponseEvent } from './output.ts'
import type { ResponseObject } from './response-object.ts'

/** The events of a response after a number that its client has; null: all of them. */
export function eventFrames(fold: ResponseFold, startingAfter: number | null): FrameFold<ResponseEvent> {
  return {
    accept: ({ event, at }) => ({
      frames: fold.accept(event, at).flatMap((each) => eventAfter(each, startingAfter ?? 0) ?? []),
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
 * What of an event comes after the number; null: nothing. A text may begin before it, if its client got that number from a release that
 * cut texts in other places.
 */
export function eventAfter(event: ResponseEvent, number: number): ResponseEvent | null {
  const { sequence_number: end, delta, type } = event
  if (end <= number) return null
  if (typeof delta !== 'string' || !/text\.delta$/.test(type)) return event
  const units = end - number
  return units >= delta.length ? event : { ...event, delta: delta.slice(-units) }
}

/** An event as clients of event streams read it. */
export function eventText(event: ResponseEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
