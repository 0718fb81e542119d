import type { Config } from '../../config/config.ts'
import { answerLimits, type Engine, logLimits, permitLeases } from '../engine.ts'
import { createMemoryChannels } from './channel.ts'
import { createMemoryCollections } from './collection.ts'
import { createMemoryDispatchIndex } from './dispatch-index.ts'
import { createMemoryDispatchRate } from './dispatch-rate.ts'
import { createMemoryDueList } from './due-list.ts'
import { createMemoryQueue } from './queue.ts'
import { createMemoryRecordStore } from './record-store.ts'
import { createMemoryResultChannels } from './result-channel.ts'
import { createMemoryRunPermits } from './run-permits.ts'
import { createMemoryRunStore } from './run-store.ts'
import { createMemoryStore } from './store.ts'

/** The embedded engine: everything in this process, gone when it exits. */
export function createMemoryEngine(config: Config, clock: () => number, onError: (error: unknown) => void): Engine {
  const channels = createMemoryChannels(clock)
  const due = createMemoryDueList()
  const index = createMemoryDispatchIndex()
  const runs = createMemoryRunStore({
    channels,
    due,
    index,
    clock,
    retention: { logSeconds: config.retentionSeconds, recordSeconds: config.recordRetentionSeconds },
    maxBytes: config.memoryBytes,
  })
  const queue = createMemoryQueue()
  const collections = createMemoryCollections(clock)
  const store = createMemoryStore(collections)
  const logSeconds = config.retentionSeconds
  return {
    log: channels,
    runs,
    workerRuns: runs,
    following: { log: channels, runs },
    results: createMemoryResultChannels({ channels, clock, logSeconds, ...answerLimits, ...logLimits }),
    due,
    index,
    rate: createMemoryDispatchRate(config.dispatchesPerMinute, clock),
    permits: createMemoryRunPermits({ limit: config.runningDispatches, leaseMs: config.leaseMs * permitLeases }, clock),
    store,
    workerStore: store,
    records: createMemoryRecordStore(collections),
    queue,
    backlog: queue.backlog,
    consume: (handle) =>
      queue.consume({
        handle,
        concurrency: config.workerConcurrency,
        onError,
        retryDelayMs: 1000,
        graceMs: config.shutdownGraceMs,
      }),
    readiness: async () => {},
    onClosing: 'end',
  }
}
