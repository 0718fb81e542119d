/** The time that work may still take. Several jobs of one request share one budget. */
export interface Budget {
  leftMs: number
}

/** A job was ended because it used up its time or its memory. */
export class OutOfBudget extends Error {
  readonly what: 'time' | 'memory'

  constructor(what: OutOfBudget['what']) {
    super(`The work needs too much ${what}.`)
    this.name = 'OutOfBudget'
    this.what = what
  }
}
