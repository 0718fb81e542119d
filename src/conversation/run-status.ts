import type { Ending } from './event.ts'

/**
 * `queued`: waits for a worker, or for its `notBefore`. `running`: a worker holds its claim. `waiting`: parked, without a
 * worker. `completed`, `failed`, `cancelled`: ended for good.
 */
export type RunStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled'

const ended: Record<RunStatus, boolean> = {
  queued: false,
  running: false,
  waiting: false,
  completed: true,
  failed: true,
  cancelled: true,
}

export function isEnded(status: RunStatus): boolean {
  return ended[status]
}

/** The status after each kind of ending. */
export const endedStatus = {
  'dispatch-completed': 'completed',
  'dispatch-failed': 'failed',
  'dispatch-cancelled': 'cancelled',
} as const satisfies Record<Ending['type'], RunStatus>
