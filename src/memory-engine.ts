import { createMemoryChannels } from './channel/memory-channel.ts'
import type { Config } from './config.ts'
import { createMemoryDispatchIndex } from './dispatch/memory-dispatch-index.ts'
import { createMemoryDispatchRate } from './dispatch/memory-dispatch-rate.ts'
import { createMemoryDueList } from './dispatch/memory-due-list.ts'
import { createMemoryQueue } from './dispatch/memory-queue.ts'
import { createMemoryResultChannels } from './dispatch/memory-result-channel.ts'
import { createMemoryRunStore } from './dispatch/memory-run-record.ts'
import { createMemoryRunningSlots } from './dispatch/memory-running-slots.ts'
import { answerLimits, type Engine, logLimits, slotLeases } from './engine.ts'
import { createMemoryRecordStore } from './store/memory-record-store.ts'
import { createMemoryShelves } from './store/memory-shelf.ts'
import { createMemoryStore } from './store/memory-store.ts'

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
  const shelves = createMemoryShelves(clock)
  const store = createMemoryStore(shelves)
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
    slots: createMemoryRunningSlots({ limit: config.runningDispatches, leaseMs: config.leaseMs * slotLeases }, clock),
    store,
    workerStore: store,
    records: createMemoryRecordStore(shelves),
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
