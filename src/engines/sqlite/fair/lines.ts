import { memberOf } from '../../../dispatch/schedule/fair-queue.ts'
import type { Job } from '../../../dispatch/schedule/queue.ts'
import type { AccountId } from '../../../kernel/ids.ts'

/** A job in its line. */
export interface Standing {
  readonly job: Job
  readonly provider: string
  readonly priority: number
  /** ms since 1970; of jobs of one priority the earliest is next. */
  readonly since: number
  /** Decides between jobs of one time. */
  readonly number: number
  readonly joinedAt: number
}

/** The lines of accounts, one for each provider that their jobs name. */
export interface Lines {
  add(standing: Standing): void
  has(job: Job): boolean
  /** The next of the account among these providers. */
  first(account: AccountId, providers: readonly string[]): Standing | undefined
  remove(standing: Standing): void
  /** The accounts that have a job for this provider. */
  accounts(provider: string): ReadonlySet<AccountId>
  providers(): Iterable<string>
  all(): Iterable<Standing>
  readonly size: number
}

const isBefore = (one: Standing, other: Standing) =>
  (other.priority - one.priority || one.since - other.since || one.number - other.number) < 0

export function createLines(): Lines {
  const byProvider = new Map<string, Map<AccountId, Standing[]>>()
  const names = new Map<string, Standing>()
  const nameOf = (job: Job) => `${job.key.account}/${memberOf(job)}`
  const none: ReadonlySet<AccountId> = new Set()
  const accountsOf = new Map<string, Set<AccountId>>()

  return {
    add(standing) {
      const { job, provider } = standing
      const { account } = job.key
      const lines = byProvider.get(provider) ?? new Map<AccountId, Standing[]>()
      byProvider.set(provider, lines)
      const line = lines.get(account) ?? []
      lines.set(account, line)
      // Nearly always at the end.
      let at = line.length
      for (let before = line[at - 1]; before !== undefined && isBefore(standing, before); before = line[at - 1]) at -= 1
      line.splice(at, 0, standing)
      names.set(nameOf(job), standing)
      accountsOf.set(provider, (accountsOf.get(provider) ?? new Set()).add(account))
    },
    has: (job) => names.has(nameOf(job)),
    first(account, providers) {
      const heads = providers.flatMap((provider) => byProvider.get(provider)?.get(account)?.[0] ?? [])
      return heads.reduce<Standing | undefined>((best, each) => (best && isBefore(best, each) ? best : each), undefined)
    },
    remove({ job, provider }) {
      const { account } = job.key
      const standing = names.get(nameOf(job))
      const line = byProvider.get(provider)?.get(account)
      if (standing === undefined || line === undefined) return
      names.delete(nameOf(job))
      line.splice(line.indexOf(standing), 1)
      if (line.length > 0) return
      byProvider.get(provider)?.delete(account)
      accountsOf.get(provider)?.delete(account)
    },
    accounts: (provider) => accountsOf.get(provider) ?? none,
    providers: () => byProvider.keys(),
    all: () => names.values(),
    get size() {
      return names.size
    },
  }
}
