import type { Retention } from '../../dispatch/run-store.ts'
import { type AccountId, type ChannelKey, nameOf } from '../../kernel/ids.ts'
import type { MemoryLedger } from './ledger.ts'

export interface EndedRunsOptions {
  readonly clock: () => number
  readonly retention: Retention
  readonly ledger: MemoryLedger
  /** What all accounts may hold together. */
  readonly maxBytes: number
  readonly dropLog: (key: ChannelKey) => void
  readonly dropRecord: (key: ChannelKey) => void
}

export interface EndedRuns {
  ended(key: ChannelKey): void
  /** Drops whatever has outlived its retention, and ended logs while all that is stored is too large. */
  sweep(): void
}

/** Records are small, but they add up: beyond this many the oldest are dropped before their retention ends. */
const maxRecords = 100_000

/**
 * The expiry that Redis does by itself. It happens on the next call instead of by timers, so nothing keeps a process alive.
 * What is dropped before its time is the oldest of the account that has most, so no account pushes out what another has.
 */
export function createEndedRuns(options: EndedRunsOptions): EndedRuns {
  const { clock, retention, ledger, maxBytes, dropLog, dropRecord } = options
  const withLog = createEndedList()
  const recordOnly = createEndedList()

  const isOlderThan = (run: EndedRun, seconds: number) => clock() - run.endedAt >= seconds * 1000
  const forgetLog = (run: EndedRun) => {
    withLog.remove(run)
    recordOnly.add(run)
    dropLog(run.key)
  }
  const forgetRecord = (run: EndedRun) => {
    recordOnly.remove(run)
    dropRecord(run.key)
  }
  ledger.spareBy((account) => {
    const run = withLog.firstOf(account)
    if (run !== undefined) forgetLog(run)
    return run !== undefined
  })

  return {
    ended(key) {
      withLog.add({ key, endedAt: clock() })
    },
    sweep() {
      for (const run of withLog.all()) {
        if (!isOlderThan(run, retention.logSeconds)) break
        forgetLog(run)
      }
      while (ledger.total() > maxBytes && withLog.size() > 0) forgetLog(withLog.firstOfLargest(ledger.held))
      for (const run of recordOnly.all()) {
        if (!isOlderThan(run, retention.recordSeconds)) break
        forgetRecord(run)
      }
      while (recordOnly.size() > maxRecords) forgetRecord(recordOnly.firstOfLargest(recordOnly.sizeOf))
    },
  }
}

interface EndedRun {
  readonly key: ChannelKey
  readonly endedAt: number
}

/** Runs in the order in which they were added, of all accounts and of each. A Map keeps that order. */
function createEndedList() {
  const runs = new Map<string, EndedRun>()
  const byAccount = new Map<AccountId, Map<string, EndedRun>>()
  const firstOf = (account: AccountId) => byAccount.get(account)?.values().next().value
  return {
    add(run: EndedRun) {
      const { account } = run.key
      const name = nameOf(run.key)
      runs.set(name, run)
      const own = byAccount.get(account) ?? new Map<string, EndedRun>()
      byAccount.set(account, own.set(name, run))
    },
    remove({ key }: EndedRun) {
      const own = byAccount.get(key.account)
      runs.delete(nameOf(key))
      own?.delete(nameOf(key))
      if (own?.size === 0) byAccount.delete(key.account)
    },
    all: () => runs.values(),
    size: () => runs.size,
    sizeOf: (account: AccountId) => byAccount.get(account)?.size ?? 0,
    firstOf,
    /** Of the account for which `size` is largest, among those that have any. */
    firstOfLargest(size: (account: AccountId) => number): EndedRun {
      const [largest] = [...byAccount.keys()].sort((a, b) => size(b) - size(a))
      const first = largest === undefined ? undefined : firstOf(largest)
      if (first === undefined) throw new Error('The list is empty.')
      return first
    },
  }
}
