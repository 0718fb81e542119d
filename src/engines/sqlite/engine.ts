import { type Config, hasAccounts } from '../../config/config.ts'
import { timings } from '../../config/timings.ts'
import { publicationLimits } from '../../dispatch/limits/stored-bytes.ts'
import { equalShare, shareOfPlaces } from '../../dispatch/schedule/fair-queue.ts'
import { type Engine, type EngineOptions, turnLeases } from '../engine.ts'
import { openFolder } from './database/folder.ts'
import { openDatabase } from './database/open-database.ts'
import { startUpkeep } from './database/upkeep.ts'
import { createEmbeddedFairQueue } from './fair/fair-queue.ts'
import { keptKeys, randomKeys } from './keys.ts'
import { createEmbeddedDispatchRate } from './limits/dispatch-rate.ts'
import { createPorts } from './ports.ts'
import { bringUnfinished } from './schedule/due-list.ts'
import { createEmbeddedQueue } from './schedule/queue.ts'
import { countParked } from './standing/standings.ts'

/** `DATA_BYTES`, unless it is configured. */
const defaultBytes = { onDisk: 4_000_000_000, inMemory: 256_000_000 }

/**
 * The embedded engine: one process and SQLite, in a folder or in memory. What follows from the tables is in the process:
 * queue, rate and limits.
 */
export async function openSqliteEngine(options: EngineOptions): Promise<Engine> {
  const { config, clock, logLimits, lifecycle, onError, shareOf = () => equalShare, providerLimits = [] } = options
  const folder = config.dataDir === null ? null : openFolder(config.dataDir)
  lifecycle.onClose(() => folder?.close())
  const database = openDatabase(folder)
  lifecycle.onClose(() => database.close())
  const maxBytes = config.dataBytes ?? (folder === null ? defaultBytes.inMemory : defaultBytes.onDisk)
  const ports = createPorts(database, {
    clock,
    log: logLimits,
    results: {
      logSeconds: config.retentionSeconds,
      earlyMs: timings.earlyMessageMs,
      waitSeconds: timings.waitingCallSeconds,
      ...publicationLimits(logLimits),
    },
    retention: { logSeconds: config.retentionSeconds, recordSeconds: config.recordRetentionSeconds },
    accountBytes: config.storedBytesPerAccount ?? shareOfBytes(config, maxBytes),
    maxBytes,
  })
  const { results, due, index, lineDue, members, conversations, records, expire } = ports
  const [impatient, patient] = [ports.seenBy(database), ports.seenBy(database.patient)]
  const upkeep = startUpkeep(database, { expire, onError })
  lifecycle.onClose(() => upkeep.close())
  await database.command(() => bringUnfinished(database.sql, clock()))
  // Without API_KEYS there is one account, and nobody to leave a place for.
  const share = !hasAccounts(config) ? 0 : shareOfPlaces(config.workerConcurrency)
  const fair = createEmbeddedFairQueue({
    limit: config.runningDispatches ?? share,
    shareOf,
    leaseMs: config.leaseMs * turnLeases,
    limits: providerLimits,
    clock,
  })
  const queue = createEmbeddedQueue(fair)
  return {
    requests: {
      ...impatient,
      results,
      due,
      index,
      lineDue,
      members,
      conversations,
      records,
      rate: createEmbeddedDispatchRate(config.dispatchesPerMinute, clock),
      queue,
    },
    workers: {
      runs: patient.runs,
      fair: fair.port,
      providerLimits: fair.port,
      usedToday: patient.usedToday,
      store: patient.store,
    },
    followers: patient,
    consume: (handle, concurrency, onTurn = () => {}) =>
      queue.consume({
        handle,
        concurrency,
        onError,
        onTurn,
        keepMs: config.leaseMs,
        retryDelayMs: timings.jobRetryMs,
        graceMs: config.shutdownGraceMs,
      }),
    async backlog() {
      const { read, sql } = database
      const [row, parked] = await read(
        () => [sql.one<{ count: number }>('SELECT count(*) AS count FROM due'), countParked(sql)] as const,
      )
      return { ...fair.backlog(), due: row?.count ?? 0, parked }
    },
    readiness: database.readiness,
    ownKeys: folder === null ? randomKeys() : keptKeys(folder),
  }
}

/** What one account may hold unless it is configured. Without API_KEYS there is one account, and nobody to leave room for. */
function shareOfBytes(config: Config, maxBytes: number): number {
  return !hasAccounts(config) ? maxBytes : Math.floor((maxBytes * 4) / 5)
}
