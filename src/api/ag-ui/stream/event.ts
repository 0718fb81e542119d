import type { HeldMessage } from './message.ts'

/** An event of AG-UI 1.0. Fields that have nothing to say are left out: null is an error there. */
export interface AgUiEvent {
  readonly type: string
  readonly [field: string]: unknown
}

/**
 * What the fold tells: an event, or that the client does not hold what the conversation has, so that it needs all messages as they
 * were with the entry at `offset`.
 */
export type Frame = AgUiEvent | SnapshotDue

export interface SnapshotDue {
  readonly type: 'snapshot-due'
  readonly offset: number
  /** What the client holds. Absent: all messages, and these thoughts, which have been discarded. */
  readonly held?: readonly HeldMessage[]
  readonly discarded: readonly string[]
}

/** One AG-UI run, in the client's own ids. */
export interface RunIds {
  readonly threadId: string
  readonly runId: string
}

/** The version of the protocol that is spoken here. */
const protocolVersion = '1.0'

export function runStarted({ threadId, runId }: RunIds): AgUiEvent {
  return { type: 'RUN_STARTED', threadId, runId, protocolVersion }
}
