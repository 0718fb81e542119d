import type { Job } from '../schedule/queue.ts'

/**
 * How many dispatches of an account may run at once, across processes. A job that finds all of its account's slots taken
 * stands in the account's line, first come, first served. A slot is leased: that of a worker that died is free when
 * its lease is over. The same job again, as after its worker died, has the same slot.
 */
export interface RunningSlots {
  /** True: the job has a slot. False: it stands in line, where it stood if it did. */
  take(job: Job): Promise<boolean>
  /** Renews the lease; to be called well within it. */
  keep(job: Job): Promise<void>
  /** Gives the slot up. Answers the jobs of the same account whose turn it is; they are to be queued. */
  leave(job: Job): Promise<readonly Job[]>
  /** Of all accounts, the jobs whose turn it is: the first in line, as many as there are free slots. */
  turns(): Promise<readonly Job[]>
  /** Whether the job stands in line, and so will have its turn. */
  stands(job: Job): Promise<boolean>
}

export const unlimitedSlots: RunningSlots = {
  take: async () => true,
  keep: async () => {},
  leave: async () => [],
  turns: async () => [],
  stands: async () => false,
}

export interface RunningSlotsOptions {
  /** At once, per account. 0: no limit. */
  readonly limit: number
  /** Longer than it takes to judge a worker dead, so that whoever takes a run over finds its slot. */
  readonly leaseMs: number
}

/** A job among its account's. */
export function memberOf({ key, wake }: Job): string {
  return `${key.channel}:${wake}`
}
