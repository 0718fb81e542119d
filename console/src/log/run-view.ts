import type { ChannelEvent, DispatchStatus, Usage } from 'backchannel-client'
import type { Entry, EventOf } from '../transcript/entry.ts'
import type { Bar } from './timeline.ts'

/** A run as its log tells it: what was said, what was taken back, and when what happened. */
export interface RunView {
  readonly status: DispatchStatus | null
  readonly entries: readonly Entry[]
  readonly bars: readonly Bar[]
  readonly attempts: number
  readonly model: string | null
  readonly usage: Usage | null
  readonly error: { readonly code: string; readonly message: string } | null
  readonly finishReason: string | null
  readonly reachedLimit: EventOf<'DispatchPaused'>['reachedLimit'] | null
  /** Milliseconds; null before the first event. */
  readonly acceptedAt: number | null
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly lastAt: number | null
}

/** An event of the log; of adjacent pieces of a message one, as the server joins them. */
export interface LoggedEvent {
  readonly event: ChannelEvent
  readonly pieces: number
}

export const emptyView: RunView = {
  status: null,
  entries: [],
  bars: [],
  attempts: 0,
  model: null,
  usage: null,
  error: null,
  finishReason: null,
  reachedLimit: null,
  acceptedAt: null,
  startedAt: null,
  finishedAt: null,
  lastAt: null,
}

export const hasEnded = (status: DispatchStatus | null): boolean =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED'
