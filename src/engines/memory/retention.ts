import type { Retention } from '../../dispatch/run-store.ts'
import { type ChannelKey, nameOf } from '../../kernel/ids.ts'

export interface EndedRunsOptions {
  readonly clock: () => number
  readonly retention: Retention
  readonly maxBytes: number
  readonly dropLog: (key: ChannelKey) => void
  readonly dropRecord: (key: ChannelKey) => void
}

export interface EndedRuns {
  /** Records how much payload a run's log holds now. */
  count(key: ChannelKey, bytes: number): void
  ended(key: ChannelKey): void
  /** Drops whatever has outlived its retention, and the oldest ended logs while all logs together are too large. */
  sweep(): void
}

interface EndedRun {
  readonly key: ChannelKey
  readonly endedAt: number
}

/** Records are small, but they add up: beyond this many the oldest are dropped before their retention ends. */
const maxRecords = 100_000

/** The expiry that Redis does by itself. It happens on the next call instead of by timers, so nothing keeps a process alive. */
export function createEndedRuns({ clock, retention, maxBytes, dropLog, dropRecord }: EndedRunsOptions): EndedRuns {
  const bytesOf = new Map<string, number>()
  // A Map keeps both in the order in which the runs ended, so a sweep reads only what it drops, and one more.
  const withLog = new Map<string, EndedRun>()
  const recordOnly = new Map<string, EndedRun>()
  let total = 0

  const isOlderThan = (run: EndedRun, seconds: number) => clock() - run.endedAt >= seconds * 1000

  return {
    count(key, bytes) {
      const name = nameOf(key)
      total += bytes - (bytesOf.get(name) ?? 0)
      bytesOf.set(name, bytes)
    },
    ended(key) {
      withLog.set(nameOf(key), { key, endedAt: clock() })
    },
    sweep() {
      for (const [name, run] of withLog) {
        if (!isOlderThan(run, retention.logSeconds) && total <= maxBytes) break
        withLog.delete(name)
        recordOnly.set(name, run)
        total -= bytesOf.get(name) ?? 0
        bytesOf.delete(name)
        dropLog(run.key)
      }
      for (const [name, run] of recordOnly) {
        if (!isOlderThan(run, retention.recordSeconds) && recordOnly.size <= maxRecords) break
        recordOnly.delete(name)
        dropRecord(run.key)
      }
    },
  }
}
