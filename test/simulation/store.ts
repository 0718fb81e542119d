import type { ChannelLog } from '../../src/channel/channel.ts'
import type { DispatchIndex } from '../../src/dispatch/dispatch-index.ts'
import type { LineDueList, LineNews, Lines } from '../../src/dispatch/line/line.ts'
import type { Transcripts } from '../../src/dispatch/line/transcripts.ts'
import type { ResultChannels } from '../../src/dispatch/result-channel.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import type { DueList } from '../../src/dispatch/schedule/due.ts'
import { openDatabase } from '../../src/engines/sqlite/database/open-database.ts'
import type { Statements } from '../../src/engines/sqlite/database/statements.ts'
import { createPorts, type Ports, type PortsOptions } from '../../src/engines/sqlite/ports.ts'
import type { ChannelKey, ConversationKey } from '../../src/kernel/ids.ts'
import type { Deliveries } from '../../src/webhooks/delivery.ts'
import type { WebhookStore } from '../../src/webhooks/webhook.ts'
import type { Entry, JudgedEvent } from '../faults/judge-log.ts'
import type { Mortal } from './file-store.ts'
import type { WhenLost } from './steps.ts'
import type { VirtualTime } from './virtual-time.ts'

/** An engine to be simulated on, and what a judge may look at behind its back. */
export interface SimulatedStore {
  readonly log: ChannelLog
  readonly runs: RunStore
  readonly results: ResultChannels
  readonly due: DueList
  readonly lines: Lines
  /** Hears of changes of lines, as `log` does of entries. */
  readonly lineNews: LineNews
  readonly members: DispatchIndex<ConversationKey>
  readonly lineDue: LineDueList
  readonly transcripts: Transcripts
  readonly webhooks: WebhookStore
  readonly deliveries: Deliveries
  /** ms since 1970. No two moments are the same: each look takes a millisecond. */
  readonly clock: () => number
  /** For a deadline that is to pass while the simulation lasts. */
  readonly overdueSeconds: number
  /** What becomes of a command of `results` whose reply is lost; the embedded engine has no replies to lose. */
  readonly resultsWhenLost: WhenLost
  /** Fulfilled when all that has been published so far has arrived at this process. */
  readonly settled: () => Promise<unknown>
  entries(key: ChannelKey): Promise<readonly Entry[]>
  /** All that is kept, as text; what an account has once had a thing in may stay. */
  everything(): Promise<readonly string[]>
  /** Messages that wait for a call, and matches not delivered, or not known to be. Null: some may have been forgotten for their age. */
  kept(key: ChannelKey): Promise<{ readonly early: number; readonly matched: number } | null>
  /** The one process that has the store, and dies with what it has not committed. Null: processes die one by one, and the store lives. */
  readonly mortal: Mortal | null
  close(): void
  /** Keeps everything as it is now; what it answers with makes it so again. Null: this engine cannot go back. */
  readonly keep: (() => Promise<() => Promise<void>>) | null
}

/** When simulations begin. */
export const began = 1_700_000_000_000

export type OpenStore = (time: VirtualTime) => Promise<SimulatedStore>

export const retention = { logSeconds: 500_000, recordSeconds: 500_000 }
export const log = { maxEntries: 500_000, maxBytes: 64_000_000 }
export const times = {
  earlyMs: 60_000,
  logSeconds: 500_000,
  waitSeconds: 500_000,
  ...log,
}

/** @param earlyMs how long messages are kept that come before their calls */
export function embeddedOptions(clock: () => number, earlyMs: number): PortsOptions {
  return { clock, log, results: { ...times, earlyMs }, retention, accountBytes: 0, maxBytes: 100_000_000 }
}

/** A log as its readers see it, for the judge. */
export async function entriesOf(channels: ChannelLog, key: ChannelKey): Promise<readonly Entry[]> {
  const list: Entry[] = []
  for (;;) {
    const last = list.at(-1)
    const [head] = await channels.heads([key])
    const epoch = head?.epoch ?? ''
    const from = last === undefined ? null : { epoch, offset: last.offset, tag: last.tag }
    // One by one, so that no deltas are joined.
    const page = await channels.read(key, from, { maxEntries: 1, maxBytes: 1 })
    if (page === null || page.entries.length === 0) return list
    list.push(
      ...page.entries.map(({ offset, tag, at, event }) => ({ offset, tag, at, kind: event.type, event: plain(event) })),
    )
  }
}
export const immediately = () => new Promise<void>((resolve) => setImmediate(resolve))

export const openEmbeddedStore: OpenStore = async (time) => {
  const clock = () => began + time.tick()
  const database = openDatabase(null)
  const ports = createPorts(database, embeddedOptions(clock, times.earlyMs))
  const { results, due, lineDue, members } = ports
  const { log: channels, ...view } = ports.seenBy(database)
  return {
    ...view,
    log: channels,
    results,
    due,
    lineNews: view.lines,
    members,
    lineDue,
    clock,
    overdueSeconds: 20,
    resultsWhenLost: 'fail',
    settled: immediately,
    kept: async () => null,
    keep: null,
    mortal: null,
    close: () => database.close(),
    entries: (key) => entriesOf(channels, key),
    everything: async () => rowsOf(database.sql, ports),
  }
}

/** Every row of every table but the entries of logs, which go some time after their logs. */
export function rowsOf(sql: Statements, { expire }: Pick<Ports, 'expire'>): readonly string[] {
  // What was removed goes a little later.
  while (expire());
  const tables = sql.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('account', 'entry', 'garbage')",
  )
  return tables.flatMap(({ name }) => sql.all(`SELECT * FROM ${name}`).map((row) => `${name}: ${JSON.stringify(row)}`))
}

/** As it would be read from a file: the judge knows no types of ours. */
const plain = (event: object) => JSON.parse(JSON.stringify(event)) as JudgedEvent
