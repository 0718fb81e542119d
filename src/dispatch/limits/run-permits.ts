import type { Job } from '../schedule/queue.ts'

/**
 * Limits how many runs of an account are at work at once, across all processes: a semaphore per account with a first-in,
 * first-out line. A permit is a lease: that of a worker that died is free when the lease is over. The same job again, as
 * after its worker died, has the same permit.
 */
export interface RunPermits {
  /** True: the job has a permit. False: it waits in line and keeps its place there. */
  acquire(job: Job): Promise<boolean>
  /** Renews the lease. Must be called well before the lease is over. */
  renew(job: Job): Promise<void>
  /** Gives the permit back. Returns the jobs of the account that can have a permit now; the caller must queue them. */
  release(job: Job): Promise<readonly Job[]>
  /** The jobs of all accounts that can have a permit now: as many from the front of each line as permits are free. */
  grantable(): Promise<readonly Job[]>
  /** Whether the job waits in line, and so will get a permit later. */
  isInLine(job: Job): Promise<boolean>
}

export const unlimitedPermits: RunPermits = {
  acquire: async () => true,
  renew: async () => {},
  release: async () => [],
  grantable: async () => [],
  isInLine: async () => false,
}

export interface RunPermitsOptions {
  /** Permits of each account, at least 1. */
  limit(): Promise<number>
  /** Longer than it takes to judge a worker dead, so that a take-over finds the run's permit. */
  readonly leaseMs: number
}

/**
 * The permits of an account where nobody has set a number: four fifths of all places, so that a job of another account always
 * finds a free one, and jobs over the limit pass through it into their line. A single place cannot be shared.
 */
export function shareOfPlaces(places: number): number {
  return Math.max(1, Math.floor((places * 4) / 5))
}

/** The name of a job, unique in its account. */
export function memberOf({ key, wake }: Job): string {
  return `${key.channel}:${wake}`
}
