import type { Engine } from '../src/engines/engine.ts'
import type { AccountId, ChannelId } from '../src/kernel/ids.ts'
import { startRedis } from '../test/support/redis/redis-server.ts'
import { withEngine } from './embedded/open-store.ts'
import { diskStore } from './embedded/stores.ts'

// How many runs a newcomer's first dispatch waits for, behind so many accounts with so many queued each; a first-in-first-out queue
// is arithmetic: all of them. An argument, redis or sqlite, measures one engine.
const accounts = [1, 2, 10]
const queued = [1, 10, 10_000]

const jobOf = (account: string, n: number) => {
  const key = { account: account as AccountId, channel: `channel-of-the-bench-${n}` as ChannelId }
  return { key, wake: 1 }
}

async function waits({ requests, workers }: Engine, count: number, each: number): Promise<number> {
  for (let n = 0; n < each; n++) {
    await Promise.all(Array.from({ length: count }, (_, a) => requests.queue.add(jobOf(`account-${a}`, n))))
  }
  const newcomer = 'newcomer'
  await requests.queue.add(jobOf(newcomer, 0))
  for (let before = 0; ; before++) {
    const place = `place-${before}`
    const taken = await workers.fair.take(place)
    if (taken === null || taken.job.key.account === newcomer) return before
    await workers.fair.finish(place)
  }
}

type Env = Readonly<Record<string, string>>

/** Each case in a place of its own. */
async function measure(
  name: string,
  open: () => Promise<{ readonly env: Env; remove(): Promise<void> }>,
): Promise<void> {
  for (const each of queued) {
    for (const count of accounts) {
      const { env, remove } = await open()
      const before = await withEngine({ name: 'memory', env, remove }, (engine) => waits(engine, count, each))
      await remove()
      process.stdout.write(`| ${name} | ${count} | ${each} | ${before} | ${count * each} |\n`)
    }
  }
}

process.stdout.write(
  '| engine | accounts | queued by each | runs before a newcomer | first in, first out |\n|---|---|---|---|---|\n',
)
const [only] = process.argv.slice(2)
if (only !== 'sqlite') {
  await measure('Redis', async () => {
    const redis = await startRedis()
    return { env: { REDIS_URL: redis.url }, remove: () => redis.stop() }
  })
}
if (only !== 'redis') await measure('embedded', async () => diskStore())
