/**
 * The numbers of a response's events. They depend on the log alone: on what was told before, and on how much text. So they are the
 * same at every replay, in every process, and stay the same when a release cuts texts in other places.
 */
export interface Sequence {
  /** Begins what the next events tell of: an item, or the end of one. It has room for `room` events. */
  begin(): void
  /** The number of an event of what was begun last. */
  next(): number
  /** The number of an event with so much more text, in UTF-16 code units. */
  text(units: number): number
}

/** Clients hold numbers, so this never changes. */
const room = 16

export function createSequence(): Sequence {
  let end = 0
  let used = 0
  return {
    begin() {
      end += room
      used = 0
    },
    next() {
      used += 1
      return end - room + used
    },
    text(units) {
      end += units
      // Nothing but text comes until something else begins.
      used = room
      return end
    },
  }
}
