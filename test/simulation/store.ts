import type { ChannelLog } from '../../src/channel/channel.ts'
import type { LineDueList, Lines } from '../../src/dispatch/line/line.ts'
import type { Transcripts } from '../../src/dispatch/line/transcripts.ts'
import type { ResultChannels } from '../../src/dispatch/result-channel.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import type { DueList } from '../../src/dispatch/schedule/due.ts'
import { createRedisChannelLog } from '../../src/engines/redis/channel/channel.ts'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { createRedisLineDueList, createRedisLines } from '../../src/engines/redis/line/line-store.ts'
import { createRedisTranscriptStore } from '../../src/engines/redis/line/transcript-store.ts'
import { createRedisResultChannels } from '../../src/engines/redis/result-channel/result-channel.ts'
import { createRedisRunStore } from '../../src/engines/redis/run/run-store.ts'
import { createRedisDueList } from '../../src/engines/redis/schedule/due-list.ts'
import { createRedisDeliveries } from '../../src/engines/redis/webhook/deliveries.ts'
import { createRedisWebhookStore } from '../../src/engines/redis/webhook/webhook-store.ts'
import { openDatabase } from '../../src/engines/sqlite/database/open-database.ts'
import { createPorts, type PortsOptions } from '../../src/engines/sqlite/ports.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import type { Deliveries } from '../../src/webhooks/delivery.ts'
import type { WebhookStore } from '../../src/webhooks/webhook.ts'
import type { Entry, JudgedEvent } from '../faults/judge-log.ts'
import { readLog } from '../faults/read-log.ts'
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
  readonly lineDue: LineDueList
  readonly transcripts: Transcripts
  readonly webhooks: WebhookStore
  readonly deliveries: Deliveries
  /** ms since 1970. */
  readonly clock: () => number
  /** For a deadline that is to pass while the simulation lasts. */
  readonly overdueSeconds: number
  /** What becomes of a command of `results` whose reply is lost; the embedded engine has no replies to lose. */
  readonly resultsWhenLost: WhenLost
  /** Fulfilled when all that has been published so far has arrived at this process. */
  readonly settled: () => Promise<unknown>
  entries(key: ChannelKey): Promise<readonly Entry[]>
  /** Messages that wait for a call, and matches not delivered, or not known to be. Null: some may have been forgotten for their age. */
  kept(key: ChannelKey): Promise<{ readonly early: number; readonly matched: number } | null>
  /** The one process that has the store, and dies with what it has not committed. Null: processes die one by one, and the store lives. */
  readonly mortal: Mortal | null
  close(): void
  /** Keeps everything as it is now; what it answers with makes it so again. Null: this engine cannot go back. */
  readonly keep: (() => Promise<() => Promise<void>>) | null
}

export type OpenStore = (time: VirtualTime) => Promise<SimulatedStore>

const retention = { logSeconds: 500_000, recordSeconds: 500_000 }
const log = { maxEntries: 500_000, maxBytes: 64_000_000 }
const times = {
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
const immediately = () => new Promise<void>((resolve) => setImmediate(resolve))

export const openEmbeddedStore: OpenStore = async (time) => {
  const clock = () => 1_700_000_000_000 + time.now()
  const database = openDatabase(null)
  const ports = createPorts(database, embeddedOptions(clock, times.earlyMs))
  const { results, due, lineDue } = ports
  const { log: channels, ...view } = ports.seenBy(database)
  return {
    ...view,
    log: channels,
    results,
    due,
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
  }
}

export interface RedisStores {
  readonly open: OpenStore
  close(): Promise<void>
}

/** One server for any number of simulations, one after the other; each begins with an empty one. */
export async function openRedisStores(url: string): Promise<RedisStores> {
  const connect = (name: string) => connectRedis({ url, name, patience: 'patient', onError: () => {} })
  const [redis, subscriber] = await Promise.all([connect('simulation'), connect('simulation-subscriber')])
  const engine = {
    log: createRedisChannelLog({ reads: redis, subscriber }),
    runs: createRedisRunStore(redis, retention, { log, accountBytes: 1e12 }),
    results: createRedisResultChannels(redis, times, 1e12),
    due: createRedisDueList(redis),
    lines: createRedisLines(redis, { accountBytes: 1e12, keepSeconds: retention.recordSeconds }),
    lineDue: createRedisLineDueList(redis),
    transcripts: createRedisTranscriptStore(redis, retention),
    webhooks: createRedisWebhookStore(redis, 1e12),
    deliveries: createRedisDeliveries(redis),
  }
  // Redis tells the fields of a hash in an order of its own, another one each time.
  const inOrder: Pick<SimulatedStore, 'runs' | 'results'> = {
    runs: {
      ...engine.runs,
      pending: async (key) => (await engine.runs.pending(key)).toSorted(by(({ call }) => call.id)),
    },
    results: {
      ...engine.results,
      undelivered: async (key) => (await engine.results.undelivered(key)).toSorted(by(({ waiter }) => waiter.callId)),
    },
  }
  // What was published before this was sent stands before its answer.
  const settled = async () => {
    await subscriber.ping()
    await immediately()
  }
  return {
    close: async () => {
      redis.disconnect()
      subscriber.disconnect()
    },
    async open(time) {
      await redis.flushall()
      // Near enough to Redis's own clock, and the same at each replay.
      const began = Date.now()
      return {
        ...engine,
        ...inOrder,
        clock: () => began + time.now(),
        overdueSeconds: -100_000,
        mortal: null,
        // The server goes on to the next.
        close: () => {},
        resultsWhenLost: 'either',
        settled,
        entries: async (key) => (await readLog(redis, key.channel)).log,
        kept: async ({ channel }) => {
          const base = `bc:{a/local/${channel}}`
          return { early: await redis.llen(`${base}:early`), matched: await redis.hlen(`${base}:assigned`) }
        },
        keep: async () => {
          const keys = await redis.keys('*')
          const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
          const expiries = await Promise.all(keys.map((key) => redis.pttl(key)))
          return async () => {
            await redis.flushall()
            for (const [index, key] of keys.entries()) {
              const dump = dumps[index]
              if (dump != null) await redis.restore(key, Math.max(0, expiries[index] ?? 0), dump)
            }
          }
        },
      }
    },
  }
}

const by =
  <Item>(nameOf: (item: Item) => string) =>
  (one: Item, other: Item) =>
    nameOf(one) < nameOf(other) ? -1 : 1

/** As it would be read from a file: the judge knows no types of ours. */
const plain = (event: object) => JSON.parse(JSON.stringify(event)) as JudgedEvent
