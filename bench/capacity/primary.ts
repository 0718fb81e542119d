import { createRedisChannelReads } from '../../src/engines/redis/channel/channel.ts'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { channelKeys } from '../../src/engines/redis/keys.ts'
import { createRedisRunStore } from '../../src/engines/redis/run/run-store.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { startRedis } from '../../test/support/redis/redis-server.ts'
import { newKey, newRun, startRun } from '../../test/support/run/runs.ts'

// What things cost one primary, in µs of its processor time: sizing.md divides by them.
const server = await startRedis()
const connect = (name: string) =>
  connectRedis({ url: server.url, name, patience: 'patient', onError: (error) => process.stderr.write(`${error}\n`) })
const redis = await connect('bench')
const limits = { log: { maxEntries: 1_000_000, maxBytes: 1e9 }, accountBytes: 1e12 }
const runs = createRedisRunStore(redis, { logSeconds: 3600, recordSeconds: 7200 }, limits)

async function usedMs(): Promise<number> {
  const info = await redis.info('cpu')
  const seconds = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1])
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1000
}

async function cost(what: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const before = await usedMs()
  await work()
  process.stdout.write(`${what.padEnd(60)} ${((1000 * ((await usedMs()) - before)) / count).toFixed(1)} µs\n`)
}

const many = <Value>(count: number, make: (n: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)))
const say = async (keys: readonly ChannelKey[], words: number) => {
  await Promise.all(
    keys.map(async (key) => {
      const writer = await startRun(runs, key)
      for (let n = 0; n < words; n++) await writer.say('word ')
    }),
  )
}

await say(await many(50, async () => newKey()), 100) // warm
await cost('a run without words: created, claimed, ended', 2000, async () => {
  for (let n = 0; n < 40; n++) await many(50, async () => (await startRun(runs, newKey())).finish())
})
await cost('an append of one word, nobody watches', 20_000, async () => say(await many(50, async () => newKey()), 400))
for (const watchers of [1, 10]) {
  const keys = await many(50, async () => newKey())
  const processes = await many(watchers, (n) => connect(`watcher-${n}`))
  for (const each of processes) await each.subscribe(...keys.map((key) => channelKeys(key).topic))
  await cost(`the same, ${watchers} processes watch`, 20_000, () => say(keys, 400))
  for (const each of processes) each.disconnect()
}
const followed = await many(10_000, async () => newKey())
await many(10_000, async (n) => runs.create(followed[n] ?? newKey(), newRun()))
const reads = createRedisChannelReads(redis)
await cost('a head that is looked at', 100_000, async () => {
  for (let n = 0; n < 10; n++) await reads.heads(followed)
})
redis.disconnect()
await server.stop()
