import type { Redis } from 'ioredis'
import { unavailable } from '../../../kernel/errors.ts'
import { findProblems } from './check-needs.ts'
import { createFormTaker } from './form.ts'

export interface NeedsWatch {
  /** Rejects, with the words of the start, while Redis or its user lacks what the service needs. */
  current(): Promise<void>
  close(): void
}

/** A check costs Redis about 100 µs, so a process makes at most one a second however often it is asked. */
const freshMs = 1000
/** A process that nobody asks looks this often, for its log. */
const intervalMs = 5000

export interface NeedsWatchOptions {
  /** Told once of each change for the worse, also in a worker, which has no `/ready`. */
  readonly onError: (error: unknown) => void
  /** Told when a newer release has begun to write what this one cannot read. */
  readonly onOutdated: () => void
}

export function watchNeeds(redis: Redis, { onError, onOutdated }: NeedsWatchOptions): NeedsWatch {
  let checkedAt = Number.NEGATIVE_INFINITY
  let check: Promise<readonly string[]> = Promise.resolve([])
  let told = ''

  const takeForm = createFormTaker(redis)
  /** Writes the form of the data again where Redis has lost it. */
  const look = async (): Promise<readonly string[]> => {
    const problems = await findProblems(redis)
    // A user who may not do all of it may not do this.
    if (problems.length > 0) return problems
    const newer = await takeForm()
    if (newer === null) return []
    onOutdated()
    return [newer]
  }
  const current = async (): Promise<void> => {
    const now = performance.now()
    if (now - checkedAt >= freshMs) {
      checkedAt = now
      check = look().catch((error: unknown) => {
        // Redis is away; whoever asks next asks it again.
        checkedAt = Number.NEGATIVE_INFINITY
        throw error
      })
    }
    const words = wordsOf(await check)
    if (words !== told) {
      told = words
      if (words !== '') onError(unavailable(words))
    }
    if (words !== '') throw unavailable(words)
  }
  // While Redis is away the connection's own listener says so.
  const timer = setInterval(() => current().catch(() => {}), intervalMs).unref()
  return { current, close: () => clearInterval(timer) }
}

export function wordsOf(problems: readonly string[]): string {
  return problems.map((problem) => `REDIS_URL: ${problem}.`).join('\n')
}
