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
  /** Seeds that are tried on each engine, from `first` (default 1); the first that fails ends it. */
  readonly memory?: number
  readonly redis?: number
  readonly first?: number
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
