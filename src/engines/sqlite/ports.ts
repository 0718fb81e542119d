import type { LogLimits } from '../../dispatch/limits/stored-bytes.ts'
import type { ResultChannelLimits } from '../../dispatch/result-channel.ts'
import type { Retention } from '../../dispatch/run-store.ts'
import { createChannels } from './channel/channels.ts'
import { createLogs } from './channel/log.ts'
import type { Database } from './database/group-commit.ts'
import { createLedger } from './limits/ledger.ts'
import { createEmbeddedUsedToday, createUsedTodayRows } from './limits/used-today.ts'
import { createEmbeddedConversationIndex, createEmbeddedMemberIndex } from './line/line-indexes.ts'
import { createLineRows } from './line/line-rows.ts'
import { createEmbeddedLineDueList, createEmbeddedLines, createLineWatchers } from './line/line-store.ts'
import { createEmbeddedTranscriptStore } from './line/transcript-store.ts'
import { createEmbeddedDispatchIndex } from './run/dispatch-index.ts'
import { createPending } from './run/pending.ts'
import { createEmbeddedResultChannels } from './run/result-channel.ts'
import { createRetention } from './run/retention.ts'
import { createEmbeddedRunStore } from './run/run-store.ts'
import { createTranscripts } from './run/transcripts.ts'
import { createEmbeddedDueList } from './schedule/due-list.ts'
import { createRecentRows } from './standing/recent.ts'
import { createEmbeddedStandings } from './standing/standings.ts'
import { createEmbeddedRecordStore } from './store/record-store.ts'
import { createEmbeddedStore } from './store/store.ts'
import { createEmbeddedDeliveries } from './webhook/deliveries.ts'
import { createTelling } from './webhook/tell.ts'
import { createEmbeddedWebhookStore } from './webhook/webhook-store.ts'

export interface PortsOptions {
  readonly clock: () => number
  /** Of each run's log. */
  readonly log: LogLimits
  readonly results: ResultChannelLimits
  readonly retention: Retention
  /** What one account may hold; 0: no limit. */
  readonly accountBytes: number
  /** What all accounts may hold together. */
  readonly maxBytes: number
}

export type Ports = ReturnType<typeof createPorts>

/** All that is kept in the database. Every view of it shares the watchers of the logs. */
export function createPorts(database: Database, options: PortsOptions) {
  const { clock, log, retention: periods, maxBytes } = options
  const { sql } = database
  const ledger = createLedger(sql, options.accountBytes)
  const transcripts = createTranscripts(sql)
  const lineRows = createLineRows(sql, clock, transcripts)
  const logs = createLogs(sql, clock, transcripts.release)
  const channels = createChannels(database, logs, transcripts)
  const retention = createRetention(sql, { logs, lineRows, ledger, clock, periods, maxBytes })
  const pending = createPending(sql)
  const telling = createTelling(sql, pending, clock)
  const usedToday = createUsedTodayRows(sql, clock)
  const recent = createRecentRows(sql, clock)
  const countUsage = (...usage: Parameters<typeof usedToday.count>) => {
    usedToday.count(...usage)
    recent.countUsage(...usage)
  }
  const watchers = createLineWatchers()
  const results = createEmbeddedResultChannels(database, { logs, channels, ledger, clock, limits: options.results })
  return {
    results,
    due: createEmbeddedDueList(database),
    index: createEmbeddedDispatchIndex(database),
    lineDue: createEmbeddedLineDueList(database),
    members: createEmbeddedMemberIndex(database),
    conversations: createEmbeddedConversationIndex(database),
    records: createEmbeddedRecordStore(database, ledger, clock),
    /** @param by `database`, or its patient view */
    seenBy: (by: Database) => ({
      log: channels.reads(by),
      lines: { ...createEmbeddedLines(by, { rows: lineRows, ledger, clock, watchers }), watch: watchers.watch },
      transcripts: createEmbeddedTranscriptStore(by, transcripts),
      runs: createEmbeddedRunStore(by, {
        logs,
        channels,
        transcripts,
        ledger,
        countUsage,
        recent,
        retention,
        pending,
        telling,
        clock,
        limits: log,
      }),
      usedToday: createEmbeddedUsedToday(by, clock),
      standings: createEmbeddedStandings(by, recent, clock),
      store: createEmbeddedStore(by, ledger, clock),
      webhooks: createEmbeddedWebhookStore(by, ledger),
      deliveries: createEmbeddedDeliveries(by),
    }),
    /** Part of a command: drops some of what has outlived its retention. True: there may be more. */
    expire: () => [retention.expire(), results.expire(), telling.expire()].includes(true),
  }
}
