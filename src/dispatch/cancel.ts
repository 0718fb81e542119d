import { endOnAbort } from '../channel/abortable-iterator.ts'
import type { Follower } from '../channel/follow.ts'
import { isEnded } from '../conversation/run-status.ts'
import { Failure } from '../kernel/errors.ts'
import type { ChannelKey, Ids } from '../kernel/ids.ts'
import type { LineWork } from './line/line-work.ts'
import type { Run } from './run.ts'
import type { RunStore } from './run-store.ts'

export interface CancelDeps {
  readonly runs: RunStore
  readonly follower: Follower
  readonly lineWork: Pick<LineWork, 'advance'>
  readonly ids: Ids
  /** How long the run's worker may take to end it. After that the run is ended without its worker, which is fenced. */
  readonly patienceMs: number
}

/** Returns the run after its ending; null when there is no run. */
export type CancelDispatch = (key: ChannelKey, reason: string | null) => Promise<Run | null>

/**
 * Cancels a run wherever it is. A run without a worker ends here. The worker of a running one ends it, keeps what was said
 * and counts what was used. An ending that is there already stays.
 */
export function createCancelDispatch({ runs, follower, lineWork, ids, patienceMs }: CancelDeps): CancelDispatch {
  const cancel: CancelDispatch = async (key, reason) => {
    const cancellation = { reason }
    const run = await runs.cancel(key, { cancellation, isForced: false, tag: ids.tag() })
    if (run === null || isEnded(run.status)) return run
    await endingWithin(patienceMs, follower, run)
    return runs.cancel(key, { cancellation, isForced: true, tag: ids.tag() })
  }
  return async (key, reason) => {
    const run = await cancel(key, reason)
    // The next of its conversation. If this is not reached, the sweep does it.
    if (run?.turn) await lineWork.advance({ account: key.account, conversation: run.turn.conversation })
    return run
  }
}

/** Waits until the run ends, or time is up. */
async function endingWithin(ms: number, follower: Follower, { key, position }: Run): Promise<void> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), ms)
  const entries = follower.follow(key, { after: position })
  const forget = endOnAbort(entries, timeout.signal)
  try {
    for await (const _batch of entries);
  } catch (error) {
    // The log has gone back, or the run was removed: whoever looks at the run sees that.
    if (!(error instanceof Failure) || error.code !== 'CURSOR_EXPIRED') throw error
  } finally {
    forget()
    clearTimeout(timer)
  }
}
