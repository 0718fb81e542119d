import { memberOf, type RunPermits, type RunPermitsOptions } from '../../../dispatch/limits/run-permits.ts'
import type { Job } from '../../../dispatch/schedule/queue.ts'
import type { AccountId } from '../../../kernel/ids.ts'

interface Account {
  /** When each lease ends, in ms since 1970. */
  readonly running: Map<string, number>
  /** In order of arrival. */
  readonly line: Map<string, Job>
}

export function createEmbeddedRunPermits({ limit, leaseMs }: RunPermitsOptions, clock: () => number): RunPermits {
  const accounts = new Map<AccountId, Account>()

  const accountOf = ({ key }: Job): Account => {
    const account = accounts.get(key.account) ?? { running: new Map(), line: new Map() }
    accounts.set(key.account, account)
    return account
  }
  const whoseTurn = ({ running, line }: Account, most: number): readonly Job[] => {
    for (const [member, until] of running) if (until <= clock()) running.delete(member)
    return [...line.values()].slice(0, Math.max(0, most - running.size))
  }

  return {
    async acquire(job) {
      const most = await limit()
      const account = accountOf(job)
      const { running, line } = account
      const member = memberOf(job)
      if (!running.has(member)) {
        if (!line.has(member)) line.set(member, job)
        if (!whoseTurn(account, most).some((each) => memberOf(each) === member)) return false
        line.delete(member)
      }
      running.set(member, clock() + leaseMs)
      return true
    },
    async renew(job) {
      accountOf(job).running.set(memberOf(job), clock() + leaseMs)
    },
    async release(job) {
      const most = await limit()
      const account = accountOf(job)
      account.running.delete(memberOf(job))
      const turns = whoseTurn(account, most)
      if (account.running.size === 0 && account.line.size === 0) accounts.delete(job.key.account)
      return turns
    },
    async grantable() {
      const most = await limit()
      return [...accounts.values()].flatMap((account) => whoseTurn(account, most))
    },
    async isInLine(job) {
      return accounts.get(job.key.account)?.line.has(memberOf(job)) ?? false
    },
  }
}
