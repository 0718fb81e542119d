import type { RaisedLimits } from '../conversation/limits.ts'
import { badInput, Failure } from '../kernel/errors.ts'
import type { ChannelKey, Ids } from '../kernel/ids.ts'
import type { Run } from './run.ts'
import type { RunStore } from './run-store.ts'
import type { DueList } from './schedule/due.ts'
import { jobOf, type Queue, type Traceparent, traced } from './schedule/queue.ts'

export interface RaiseDeps {
  readonly runs: RunStore
  readonly due: DueList
  readonly queue: Queue
  readonly ids: Pick<Ids, 'tag'>
  readonly clock: () => number
  /** Goes into the job of a run that goes on. */
  readonly traceparent: Traceparent
  /** After this time the sweep looks at the run, in case this process dies before it queues it. */
  readonly repairMs: number
}

/** Returns the run afterwards. Throws NOT_FOUND, CONFLICT once it has ended, LIMIT_EXCEEDED without room, and BAD_USER_INPUT. */
export type RaiseLimits = (key: ChannelKey, limits: RaisedLimits) => Promise<Run>

/** Sets limits of a run that has not ended, wherever it is. One that a limit has paused goes on if the limit now allows it. */
export function createRaiseLimits(deps: RaiseDeps): RaiseLimits {
  const { runs, due, ids, clock } = deps
  return async (key, limits) => {
    const [before] = await runs.find([key])
    if (before == null) throw new Failure('NOT_FOUND', 'There is no dispatch by that id.')
    if (limits.cost !== undefined && !before.isPriced) throw withoutPrice(['input', 'limits', 'cost'], before.model)
    // Before raising: the sweep then repairs a crash between raising and queueing soon.
    await due.bring(key, clock() + deps.repairMs)
    const reply = await runs.raise(key, { limits, by: 'caller', tag: ids.tag() })
    if (reply?.outcome === 'full') {
      throw new Failure('LIMIT_EXCEEDED', "The run's log, or its account, has no room for another raise.")
    }
    if (reply?.outcome !== 'raised') throw new Failure('CONFLICT', 'The run has ended already.')
    await queueIfWoken(deps, reply.run)
    return reply.run
  }
}

/**
 * A run that has been paused for as long as it may goes on, and completes with what it has. Returns when that is; null: it is
 * now, or the run is not paused.
 */
export async function endLongPause(
  deps: RaiseDeps,
  { key, paused }: Pick<Run, 'key' | 'paused'>,
): Promise<number | null> {
  if (paused === null) return null
  if (paused.until > deps.clock()) return paused.until
  const raise = { limits: { whenReached: 'end' }, by: 'deadline', tag: deps.ids.tag() } as const
  const reply = await deps.runs.raise(key, raise)
  if (reply?.outcome === 'early') return paused.until
  if (reply?.outcome === 'raised') await queueIfWoken(deps, reply.run)
  return null
}

function withoutPrice(path: readonly string[], model: string): Failure {
  return badInput([{ path, message: `needs the price of the model "${model}", which MODEL_PRICES does not have` }])
}

async function queueIfWoken({ queue, clock, traceparent }: RaiseDeps, run: Run): Promise<void> {
  if (run.status !== 'queued' || run.turn?.isHeld || (run.notBefore ?? 0) > clock()) return
  await queue.add({ ...jobOf(run), ...traced(traceparent) })
}
