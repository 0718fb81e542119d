import type { Config } from '../../config/config.ts'
import { timings } from '../../config/timings.ts'
import { shareOfPlaces, unlimitedPermits } from '../../dispatch/limits/run-permits.ts'
import { publicationLimits } from '../../dispatch/limits/stored-bytes.ts'
import { type Engine, type EngineOptions, permitLeases } from '../engine.ts'
import { createMemoryChannels } from './channel.ts'
import { createMemoryCollections } from './collection.ts'
import { createMemoryDispatchIndex } from './dispatch-index.ts'
import { createMemoryDispatchRate } from './dispatch-rate.ts'
import { createMemoryDueList } from './due-list.ts'
import { createMemoryLedger } from './ledger.ts'
import { createMemoryQueue } from './queue.ts'
import { createMemoryRecordStore } from './record-store.ts'
import { createMemoryResultChannels } from './result-channel.ts'
import { createMemoryRunPermits } from './run-permits.ts'
import { createMemoryRunStore } from './run-store.ts'
import { createMemoryStore } from './store.ts'
import { createMemoryTranscripts } from './transcripts.ts'

/** What one account may hold unless it is configured. Without API_KEYS there is one account, and nobody to leave room for. */
function shareOfMemory({ apiKeys, memoryBytes }: Config): number {
  return apiKeys.length === 0 ? memoryBytes : Math.floor((memoryBytes * 4) / 5)
}

/** The embedded engine: everything is in this process and gone when it exits. It is never away. */
export async function openMemoryEngine({ config, clock, logLimits, onError }: EngineOptions): Promise<Engine> {
  const accountBytes = config.storedBytesPerAccount ?? shareOfMemory(config)
  const ledger = createMemoryLedger(accountBytes)
  const transcripts = createMemoryTranscripts(ledger)
  const channels = createMemoryChannels({ clock, ledger, transcripts })
  const due = createMemoryDueList()
  const index = createMemoryDispatchIndex()
  const runs = createMemoryRunStore({
    channels,
    due,
    index,
    clock,
    retention: { logSeconds: config.retentionSeconds, recordSeconds: config.recordRetentionSeconds },
    ledger,
    transcripts,
    log: logLimits,
    maxBytes: config.memoryBytes,
  })
  // Without API_KEYS there is one account, and nobody to leave a place for.
  const share = config.apiKeys.length === 0 ? 0 : shareOfPlaces(config.workerConcurrency)
  const limit = config.runningDispatches ?? share
  const queue = createMemoryQueue()
  const collections = createMemoryCollections(clock, ledger)
  const store = createMemoryStore(collections)
  return {
    requests: {
      log: channels,
      runs,
      results: createMemoryResultChannels({
        channels,
        ledger,
        clock,
        logSeconds: config.retentionSeconds,
        earlyMs: timings.earlyMessageMs,
        waitSeconds: timings.waitingCallSeconds,
        ...publicationLimits(logLimits),
      }),
      due,
      index,
      rate: createMemoryDispatchRate(config.dispatchesPerMinute, clock),
      store,
      records: createMemoryRecordStore(collections),
      queue,
    },
    workers: {
      runs,
      permits:
        limit === 0
          ? unlimitedPermits
          : createMemoryRunPermits({ limit: async () => limit, leaseMs: config.leaseMs * permitLeases }, clock),
      store,
    },
    followers: { log: channels, runs },
    consume: (handle, concurrency) =>
      queue.consume({
        handle,
        concurrency,
        onError,
        retryDelayMs: timings.jobRetryMs,
        graceMs: config.shutdownGraceMs,
      }),
    backlog: queue.backlog,
    readiness: async () => {},
  }
}
