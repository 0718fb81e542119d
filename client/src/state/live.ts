import { backOff } from '../back-off.ts'
import { type BackchannelError, patience } from '../errors.ts'
import type { Feeds } from '../watching/feeds.ts'
import { createFold, empty, type Fold, hasEnded } from './fold.ts'
import { nextFrame } from './frame.ts'
import type { Snapshot } from './snapshot.ts'

/** What a chat shows of a channel. */
export interface ChannelState extends Snapshot {
  /** Why the run failed, or why it can no longer be watched. */
  readonly error: { readonly code: string; readonly message: string } | null
  /** True while a lost connection is not back. What is shown stays. */
  readonly isReconnecting: boolean
}

export interface LiveDeps {
  readonly feeds: Feeds
  /** Null when there is no such dispatch yet. Rejects with a `BackchannelError`. */
  readonly readSnapshot: (channelId: string, signal: AbortSignal) => Promise<Snapshot | null>
}

export const emptyState: ChannelState = { ...empty, isReconnecting: false }

export interface Live {
  readonly listeners: Set<() => void>
  state(): ChannelState
  /** Whether it follows the channel, or has. */
  hasStarted(): boolean
  start(): void
  close(): void
}

/** What the subscribers of one channel share. */
export function openLive({ feeds, readSnapshot }: LiveDeps, channelId: string, seed: Snapshot | null): Live {
  const listeners = new Set<() => void>()
  const abort = new AbortController()
  let fold: Fold = createFold(seed)
  let state: ChannelState = seed === null ? emptyState : { ...seed, isReconnecting: false }
  let refused: BackchannelError | null = null
  let isReconnecting = false
  let hasStarted = false
  let failures = 0
  let leave = () => {}
  let cancelFrame: (() => void) | null = null

  const show = () => {
    cancelFrame = null
    const snapshot = fold.snapshot()
    state = { ...snapshot, error: refused ?? snapshot.error, isReconnecting }
    for (const listener of [...listeners]) listener()
  }
  const changed = () => {
    cancelFrame ??= nextFrame(show)
  }
  const fail = (error: BackchannelError) => {
    refused = error
    isReconnecting = false
    changed()
  }

  function followAfter(cursor: string | null): void {
    leave = feeds.join(channelId, cursor, {
      event(event) {
        failures = 0
        fold.apply(event)
        changed()
      },
      connected(isConnected) {
        isReconnecting = !isConnected
        changed()
      },
      done(error) {
        isReconnecting = false
        // The log has been removed, or no longer continues: the dispatch itself may have an answer.
        if (error?.code === 'CURSOR_EXPIRED' && failures === 0) {
          failures += 1
          void read()
        } else if (error === null) changed()
        else fail(error)
      },
    })
  }

  async function read(): Promise<void> {
    try {
      const snapshot = await readSnapshot(channelId, abort.signal)
      if (abort.signal.aborted) return
      fold = createFold(snapshot)
      changed()
      if (!hasEnded(snapshot?.status ?? null)) followAfter(snapshot?.cursor ?? null)
    } catch (error) {
      if (abort.signal.aborted) return
      const problem = error as BackchannelError
      if (failures >= patience(problem)) {
        fail(problem)
        return
      }
      leave = backOff(failures, () => void read(), problem.retryAfterSeconds)
      failures += 1
    }
  }

  return {
    listeners,
    state: () => state,
    hasStarted: () => hasStarted,
    start() {
      if (hasStarted) return
      hasStarted = true
      if (seed !== null) {
        if (!hasEnded(seed.status)) followAfter(seed.cursor)
      } else if (feeds.isWhole(channelId)) followAfter(null)
      else void read()
    },
    close() {
      abort.abort()
      cancelFrame?.()
      leave()
    },
  }
}
