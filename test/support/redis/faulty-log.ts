import type { ChannelLog, WatchSignal } from '../../../src/channel/channel.ts'

/** Where a test steps in between a follower and its log. */
export interface LogFaults {
  /** Runs before each read reaches the log. */
  beforeRead?: () => Promise<unknown>
  /** Runs when a read has its page and before its reader gets it. */
  afterRead?: () => Promise<unknown>
  /** Runs before watching has begun. */
  beforeWatch?: () => Promise<unknown>
  /** What becomes of a signal on its way: null loses it. */
  onSignal?: (signal: WatchSignal) => WatchSignal | null
}

export interface FaultyLog extends ChannelLog {
  readonly faults: LogFaults
  readonly reads: number
  readonly watching: number
}

/** The log behind its port, with a hook at each place where things go wrong. */
export function createFaultyLog(log: ChannelLog): FaultyLog {
  const faults: LogFaults = {}
  let reads = 0
  let watching = 0
  return {
    faults,
    get reads() {
      return reads
    },
    get watching() {
      return watching
    },
    heads: (keys) => log.heads(keys),
    async read(key, from, limits) {
      reads += 1
      await faults.beforeRead?.()
      const page = await log.read(key, from, limits)
      await faults.afterRead?.()
      return page
    },
    async watch(key, listener) {
      await faults.beforeWatch?.()
      const unwatch = await log.watch(key, (signal) => {
        const passed = faults.onSignal === undefined ? signal : faults.onSignal(signal)
        if (passed !== null) listener(passed)
      })
      watching += 1
      return () => {
        watching -= 1
        unwatch()
      }
    },
  }
}
