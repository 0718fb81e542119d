/**
 * How many UTF-16 code units the placeholders of one text, or of one input, may fill in together: a short text can name a
 * long value thousands of times.
 */
export const mostFilled = 1_000_000

/** Counts what placeholders fill in. */
export interface Filling {
  readonly isFull: boolean
  /** Counts a value before it is written. False: it is too much, and must not be. */
  take(characters: number): boolean
}

export function createFilling(): Filling {
  let left = mostFilled
  return {
    get isFull() {
      return left < 0
    },
    take(characters) {
      left -= characters
      return left >= 0
    },
  }
}
