import type { Job } from '../schedule/queue.ts'

/**
 * How many dispatches of an account may run at once, across processes. A job that finds all of its account's permits taken
 * stands in the account's line, first come, first served. A permit is leased: that of a worker that died is free when
 * its lease is over. The same job again, as after its worker died, has the same permit.
 */
export interface RunPermits {
  /** True: the job has a permit. False: it stands in line, where it stood if it did. */
  acquire(job: Job): Promise<boolean>
  /** Renews the lease; to be called well within it. */
  renew(job: Job): Promise<void>
  /** Gives the permit up. Answers the jobs of the same account whose turn it is; they are to be queued. */
  release(job: Job): Promise<readonly Job[]>
  /** Of all accounts, the jobs whose turn it is: the first in line, as many as there are free permits. */
  grantable(): Promise<readonly Job[]>
  /** Whether the job stands in line, and so will have its turn. */
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
  /** At once, per account. 0: no limit. */
  readonly limit: number
  /** Longer than it takes to judge a worker dead, so that whoever takes a run over finds its permit. */
  readonly leaseMs: number
}

/** A job among its account's. */
export function memberOf({ key, wake }: Job): string {
  return `${key.channel}:${wake}`
}
