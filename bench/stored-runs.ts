import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startService } from './embedded/start-service.ts'
import { diskStore } from './embedded/stores.ts'
import { openClients } from './load/clients.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System } from './systems/system.ts'

// What an ended run takes in the store, by its length: while its log is kept, and when its record alone is left. Redis: the
// growth of used_memory. Embedded: the growth of the pages in use of the database. An argument, redis or
// sqlite, measures one of them.
const lengths = [20, 200, 2000]
const warmUps = 100
const runsOf = (words: number) => Math.min(500, 50_000 / words)

interface Store {
  readonly system: System
  bytes(): Promise<number>
  close(): Promise<void>
}

type Env = Readonly<Record<string, string>>

async function inRedis(env: Env): Promise<Store> {
  const system = await startOurs({ env })
  const redis = new Redis(system.redisUrl ?? '')
  return {
    system,
    bytes: async () => Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]),
    async close() {
      redis.disconnect()
      await system.close()
    },
  }
}

async function inFile(env: Env): Promise<Store> {
  const store = diskStore()
  const system = await startService({ ...store, env: { ...store.env, ...env } })
  const database = new DatabaseSync(join(store.env['DATA_DIR'] ?? '', 'backchannel.db'), { readOnly: true })
  const figure = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])
  return {
    system,
    bytes: async () => (figure('page_count') - figure('freelist_count')) * figure('page_size'),
    async close() {
      database.close()
      await system.close()
      await store.remove()
    },
  }
}

/** Once nothing has been given back for so long. */
async function settled({ bytes }: Store, quietMs: number): Promise<number> {
  for (let [before, since] = [await bytes(), performance.now()]; ; ) {
    await sleep(500)
    const now = await bytes()
    if (now < before * 0.999) [before, since] = [now, performance.now()]
    else if (performance.now() - since > quietMs) return now
  }
}

/** @param retentionSeconds of logs. Watchers need a moment to read them. */
async function growths(open: (env: Env) => Promise<Store>, retentionSeconds: number): Promise<readonly number[]> {
  const store = await open({ RETENTION_SECONDS: String(retentionSeconds) })
  const clients = await openClients(store.system, 100)
  // The sweep packs what has ended within eleven seconds.
  const quietMs = retentionSeconds < 60 ? retentionSeconds * 1000 + 3000 : 13_000
  const grown: number[] = []
  await clients.runs(warmUps, { model: 'demo/delayMs=0/words=20' })
  for (const words of lengths) {
    const before = await settled(store, quietMs)
    await clients.runs(runsOf(words), { model: `demo/delayMs=0/words=${words}` })
    grown.push(((await settled(store, quietMs)) - before) / runsOf(words))
  }
  clients.close()
  await store.close()
  return grown
}

process.stdout.write(`| store | words | bytes with its log | bytes of its record | bytes of log a word |
|---|---|---|---|---|\n`)
for (const [name, open] of Object.entries({ redis: inRedis, sqlite: inFile })) {
  if (!(process.argv[2] ?? name).includes(name)) continue
  const whole = await growths(open, 86_400)
  const record = await growths(open, 5)
  for (const [index, words] of lengths.entries()) {
    const [all, rest] = [whole[index] ?? 0, record[index] ?? 0]
    const cells = [name, words, all.toFixed(0), rest.toFixed(0), ((all - rest) / words).toFixed(1)]
    process.stdout.write(`| ${cells.join(' | ')} |\n`)
  }
}
