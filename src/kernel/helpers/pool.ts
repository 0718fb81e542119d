import { Failure, unavailable } from '../errors.ts'
import type { Tell } from '../news.ts'
import { createTurns, type TurnsOptions } from '../turns.ts'
import { unlessAborted } from '../unless-aborted.ts'
import { type Budget, OutOfBudget } from './budget.ts'
import type { Ending, Helper, Outcome, ToDo } from './helper.ts'

export interface Asking {
  readonly account: string
  readonly budget: Budget
  readonly parts?: Iterable<unknown>
  /** Whoever asks waits no longer once it is aborted. */
  readonly signal?: AbortSignal
}

/**
 * Work of libraries, and work by the rules of callers, that nobody can bound beforehand: it is carried out in helper
 * processes with a limit of memory, and ended when its budget of time is used up.
 */
export interface HelperPool {
  /**
   * Carries out a job by its name; the input and the value are copied. Throws OutOfBudget, the job's own Failure, or
   * LIMIT_EXCEEDED if too many jobs of the account wait.
   */
  run(name: string, input: unknown, asking: Asking): Promise<unknown>
  close(): void
}

export interface HelperPoolOptions extends TurnsOptions {
  readonly start: () => Helper
  readonly tell: Tell
}

/** Helpers are started when they are first needed, and kept. */
export function createHelperPool({ start, tell, ...turnsOptions }: HelperPoolOptions): HelperPool {
  const turns = createTurns(turnsOptions)
  const all = new Set<Helper>()
  /** The one that was used last is the last: it is the most likely to have kept what the next job needs. */
  const idle: Helper[] = []
  let isClosed = false

  const takeHelper = (): Helper => {
    for (let helper = idle.pop(); helper !== undefined; helper = idle.pop()) if (helper.isAlive) return helper
    const helper = start()
    all.add(helper)
    return helper
  }
  const carryOut = async (job: ToDo): Promise<Ending> => {
    const helper = takeHelper()
    const isFresh = !helper.isUsed
    const ending = await helper.run(job)
    if (helper.isAlive) idle.push(helper)
    else all.delete(helper)
    // What earlier jobs have left in its memory is no fault of this one, which therefore gets a helper of its own.
    return isLost(ending.outcome) && !isFresh && !isClosed ? carryOut(job) : ending
  }

  const run = async (name: string, input: unknown, { account, budget, parts = [], signal }: Asking) => {
    const leave = await turns.enter(account, signal)
    try {
      if (isClosed) throw closing()
      if (budget.leftMs <= 0) throw new OutOfBudget('time')
      const { outcome, ms } = await carryOut({ name, input, parts, ms: Math.ceil(budget.leftMs) })
      budget.leftMs -= ms
      tell({ type: 'job-done', job: name, outcome: outcome.kind, durationMs: ms })
      return given(outcome, isClosed)
    } finally {
      leave()
    }
  }
  return {
    run(name, input, asking) {
      const work = run(name, input, asking)
      return asking.signal === undefined ? work : unlessAborted(work, asking.signal)
    },
    close() {
      isClosed = true
      for (const helper of all) helper.kill()
    },
  }
}

function given(outcome: Outcome, isClosed: boolean): unknown {
  switch (outcome.kind) {
    case 'done':
      return outcome.value
    case 'failure':
      throw new Failure(outcome.code, outcome.message)
    case 'out-of-time':
      throw new OutOfBudget('time')
    case 'out-of-memory':
      throw new OutOfBudget('memory')
    case 'killed':
      throw isClosed ? closing() : new OutOfBudget('time')
    case 'died':
      throw isClosed ? closing() : new OutOfBudget('memory')
    case 'not-started':
      throw isClosed ? closing() : unavailable('A helper process could not be started.')
    case 'defect':
      throw new Error(`A helper failed: ${outcome.message}`)
  }
}

function isLost({ kind }: Outcome): boolean {
  return kind === 'died' || kind === 'not-started'
}

function closing(): Failure {
  return unavailable('The server is closing.')
}
