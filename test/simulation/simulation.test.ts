import { setImmediate } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { atLength } from '../support/at-length.ts'
import { opened, withScope } from '../support/lifetime/opened.ts'
import { type RedisServer, startRedis } from '../support/redis/redis-server.ts'
import { openFileStore } from './file-store.ts'
import { openRedisStores, type RedisStores } from './redis-store.ts'
import { simulate } from './simulate.ts'
import { type OpenStore, openEmbeddedStore } from './store.ts'

/** Plays so many seeds; what was wrong, and how much happened. `node test/simulation/main.ts --first <seed> --seeds 1 --trace` plays one again. */
async function play(seeds: number, open: OpenStore) {
  const wrong: string[] = []
  const counts: Record<string, number> = {}
  for (let seed = 1; seed <= seeds; seed++) {
    const report = await simulate(seed, open)
    wrong.push(...report.wrong.map((line) => `seed ${seed}: ${line}`))
    for (const [what, count] of Object.entries(report.counts)) counts[what] = (counts[what] ?? 0) + count
  }
  return { wrong, counts }
}

describe('a simulated fleet brings every run to one ending, and every watcher sees the same', () => {
  test('in memory, whatever the order of steps, crashes, lost replies and lost publications', async () => {
    const seeds = atLength(25, 400)
    const { wrong, counts } = await play(seeds, openEmbeddedStore)
    expect(wrong).toEqual([])
    // Not a storm in which nothing happens.
    expect(counts['workers killed']).toBeGreaterThan(seeds)
    expect(counts['function-call-completed']).toBeGreaterThan(seeds)
    expect(counts['dispatch-cancelled']).toBeGreaterThan(seeds / 4)
  }, 120_000)

  test('on a file, whose process dies in the middle of its turns with all that it has not committed', async () => {
    const seeds = atLength(10, 100)
    const { wrong, counts } = await play(seeds, openFileStore)
    expect(wrong).toEqual([])
    expect(counts['died']).toBeGreaterThan(2 * seeds)
    expect(counts['function-call-completed']).toBeGreaterThan(seeds)
  }, 120_000)

  describe('on Redis', () => {
    let server: RedisServer
    let stores: RedisStores
    beforeAll(async () => {
      server = await startRedis()
      stores = opened(await openRedisStores(server.url))
    })

    test('also when Redis loses its last writes', async () => {
      const { wrong, counts } = await play(atLength(6, 40), stores.open)
      expect(wrong).toEqual([])
      expect(counts['went back']).toBeGreaterThan(4)
    }, 120_000)

    test.each([12, 50, 77])('seed %i repeats the same steps', async (seed) => {
      await expectTheSame(seed, stores.open)
    })
  })

  test('the same seed gives the same steps', async () => {
    await expectTheSame(7, openEmbeddedStore)
  })
})

describe('a simulation that outlives its test', () => {
  const realTimers = () => {
    const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis
    return { setTimeout, setInterval, clearTimeout, clearInterval }
  }

  test('gives the real timers back and ends', async () => {
    const real = realTimers()
    const rejections: Promise<unknown>[] = []
    await withScope(async () => {
      rejections.push(expect(simulate(1, openEmbeddedStore)).rejects.toThrow('The test was over'))
      expect(realTimers()).not.toEqual(real)
      for (let turn = 0; turn < 20; turn++) await setImmediate()
    })
    expect(realTimers()).toEqual(real)
    await Promise.all(rejections)
    expect(realTimers()).toEqual(real)
  })

  test('gives the real timers back although one of its steps never ends', async () => {
    const real = realTimers()
    const isReached = Promise.withResolvers<void>()
    const hangs = () => {
      isReached.resolve()
      return new Promise(() => {})
    }
    await withScope(async () => {
      void simulate(1, async (time) => ({ ...(await openEmbeddedStore(time)), settled: hangs }))
      await isReached.promise
      expect(realTimers()).not.toEqual(real)
    })
    expect(realTimers()).toEqual(real)
  })
})

async function expectTheSame(seed: number, open: OpenStore): Promise<void> {
  const [first, second] = [await simulate(seed, open), await simulate(seed, open)]
  expect(second.trace).toEqual(first.trace)
  expect(first.trace.length).toBeGreaterThan(100)
}
