import type { Config } from '../../config/config.ts'
import { answerLimits, type Engine, logLimits, slotLeases } from '../engine.ts'
import { createMemoryChannels } from './channel.ts'
import { createMemoryDispatchIndex } from './dispatch-index.ts'
import { createMemoryDispatchRate } from './dispatch-rate.ts'
import { createMemoryDueList } from './due-list.ts'
import { createMemoryQueue } from './queue.ts'
import { createMemoryRecordStore } from './record-store.ts'
import { createMemoryResultChannels } from './result-channel.ts'
import { createMemoryRunStore } from './run-record.ts'
import { createMemoryRunningSlots } from './running-slots.ts'
import { createMemoryShelves } from './shelf.ts'
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
