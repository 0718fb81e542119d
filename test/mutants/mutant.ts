import type { FaultPlanName } from '../faults/plan.ts'

/** A rule of the protocol that is broken, who finds it, and what they say. */
export interface Mutant {
  readonly name: string
  readonly edits: readonly Edit[]
  readonly inSimulation: SimulationHunt
  /** Absent: the simulation alone hunts it. */
  readonly inFleet?: FleetHunt
}

export interface Edit {
  /** Below `src`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

export interface SimulationHunt {
  /** Seeds that are tried at the most on each engine: five times as many as it takes on average, or more. */
  readonly memory?: number
  readonly file?: number
  readonly redis?: number
  /** Only seeds that are about this; absent: any. */
  readonly theme?: string
  /** What the judge says of it. */
  readonly says: RegExp
}

export interface FleetHunt {
  readonly plan: FaultPlanName
  /** How long runs are begun at the most. Default: 60. */
  readonly seconds?: number
  /** A client that waits for longer has found it. Default: 60. */
  readonly patience?: number
  /** What the checker, or a client, says of it. */
  readonly says: RegExp
  /** What would hide it is switched off as well; with these edits alone nothing is wrong. */
  readonly without?: readonly Edit[]
}
