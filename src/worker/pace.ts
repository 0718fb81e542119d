import type { ProviderLimits } from '../dispatch/limits/provider-limits.ts'
import type { RunStore } from '../dispatch/run-store.ts'
import type { DueList } from '../dispatch/schedule/due.ts'
import type { Job } from '../dispatch/schedule/queue.ts'
import type { EventWriter } from './event-writer.ts'

/** A call that can be made within this holds its place while it waits; about what giving the run back and claiming it again costs. */
const patienceMs = 3000
/** When the sweep puts a run that was put off back into its line. */
const putOffMs = 1000
/** About how many characters of a prompt are a token. */
const tokenCharacters = 4

export interface PaceDeps {
  readonly limits: ProviderLimits
  /** Rejects soon after `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** The limits that a run's model calls meet. */
export interface Pace {
  /** Waits for the next call's turn. False: it is too far off, and the run is to be put off. */
  enter(characters: number, signal: AbortSignal): Promise<boolean>
  /** The same for another try, which has begun and cannot be put off. */
  again(signal: AbortSignal): Promise<void>
  /** What the call has used with all its tries. */
  used(tokens: number): Promise<void>
}

export function createPace({ limits, sleep }: PaceDeps, job: Pick<Job, 'key' | 'wake'>, model: string): Pace {
  const [provider = ''] = model.split(':', 1)
  let estimate = 0
  const wait = async (ms: number, signal: AbortSignal) => {
    // Whatever it throws when it is aborted: whoever called finds out.
    if (ms > 0) await sleep(ms, signal).catch(() => {})
  }
  return {
    async enter(characters, signal) {
      const tokens = Math.ceil(characters / tokenCharacters)
      const ms = await limits.enter({ provider, job, tokens, patienceMs })
      if (ms > patienceMs) return false
      estimate = tokens
      await wait(ms, signal)
      return true
    },
    async again(signal) {
      await wait(await limits.enter({ provider, job, tokens: 0, patienceMs: Number.MAX_SAFE_INTEGER }), signal)
    },
    async used(tokens) {
      const more = tokens - estimate
      estimate = 0
      if (more !== 0) await limits.correct(provider, more)
    },
  }
}

/**
 * Gives a run's place to others: it is queued again, and the sweep puts it back into its line, where it stands by the time of its
 * dispatch. The due entry comes first, so that a crash between the two only repeats a look. False: another worker has the run.
 */
export async function putOff(
  { runs, due, clock }: { readonly runs: RunStore; readonly due: DueList; readonly clock: () => number },
  { job, claim, writer }: { readonly job: Job; readonly claim: string; readonly writer: EventWriter },
): Promise<boolean> {
  await writer.flushed()
  await due.bring(job.key, clock() + putOffMs)
  return runs.release(job.key, claim)
}
