import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Target } from '../target.ts'

/** Something that one account does as fast as it may. */
export interface Attack {
  readonly name: string
  /** Ends soon after the signal. `tally` counts what came of each thing that was tried, for a table that shows that something was. */
  run(target: Target, signal: AbortSignal, tally: Tally): Promise<void>
}

export class Tally {
  readonly #counts = new Map<string, number>()

  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }

  /** `ok ×12, RATE_LIMITED ×3`, the most frequent first. */
  toString(): string {
    const entries = [...this.#counts].toSorted(([, a], [, b]) => b - a)
    return entries.map(([what, count]) => `${what} ×${count}`).join(', ') || 'nothing'
  }
}

/** Lets `width` callers do it again and again until the signal. What an answer is called is up to `act`; a failed connection is `broken`. */
export async function again(width: number, signal: AbortSignal, tally: Tally, act: () => Promise<string>) {
  const one = async () => {
    while (!signal.aborted) {
      try {
        tally.add(await act())
      } catch (error) {
        if (!signal.aborted) tally.add(error instanceof Error && 'code' in error ? String(error.code) : 'broken')
      }
      await nextTurn()
    }
  }
  await Promise.all(Array.from({ length: width }, one))
}

/** What a GraphQL answer comes to: `ok`, or the code of its first error. */
export function outcome({ status, text }: { readonly status: number; readonly text: string }): string {
  return /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? (status === 200 ? 'ok' : String(status))
}

export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
