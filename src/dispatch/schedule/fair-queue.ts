import type { AccountId } from '../../kernel/ids.ts'
import type { Job } from './queue.ts'

/**
 * Whose turn it is: a line of jobs for each account, and turns among the accounts (start-time fair queueing, `run 22`). A worker's place
 * takes a job, holds it under a lease, and gives it up when it is finished. What a place has taken is its own until then: a place
 * that comes again, as after its worker died, gets the same job. `attempt`, a fencing token, says how often it has come (default: 1): what an
 * earlier one asks late, as a worker that was stopped does, changes nothing.
 *
 * A job joins by `Queue.add`. Each method is atomic, and idempotent when the same call is sent again.
 */
export interface FairQueue {
  /** @param place unique among all places. Null: nobody has a turn now, or the place is a later attempt's. */
  take(place: string, attempt?: number): Promise<Taken | null>
  /** Must be called well before the lease is over. False: the place has lost its job, or is a later attempt's. */
  renew(place: string, attempt?: number): Promise<boolean>
  finish(place: string, attempt?: number): Promise<void>
  /** Puts the jobs of places whose lease is over back where they stood, and begins what can be begun by a limit that has changed. */
  sweep(): Promise<void>
}

export interface Taken {
  readonly job: Job
  /** How long it stood in its line, in ms. */
  readonly waitedMs: number
}

/** What an account may have: read anew at each use, so that it can change while the process runs. */
export interface AccountShare {
  /** Jobs in hand at once, across processes; 0: no limit; null: what every account has. */
  readonly limit: number | null
  /** Turns in a round, for each turn of an account of weight 1. */
  readonly weight: number
}

export type ShareOf = (account: AccountId) => AccountShare

export const equalShare: AccountShare = { limit: null, weight: 1 }

/** The name of a job, unique in its account. */
export function memberOf({ key, wake }: Job): string {
  return `${key.channel}:${wake}`
}

/**
 * The jobs of an account where nobody has set a number: four fifths of all places, so that another account's job always finds a
 * free one. A single place cannot be shared.
 */
export function shareOfPlaces(places: number): number {
  return Math.max(1, Math.floor((places * 4) / 5))
}
