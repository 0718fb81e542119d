import { expect, test } from 'vitest'
import { readRunsInTurn } from '../../src/api/paced-runs.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import type { AccountId, ChannelKey } from '../../src/kernel/ids.ts'

const keyOf = (account: string, n: number) => ({ account: account as AccountId, channel: `channel-${n}` }) as ChannelKey
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('an account reads so many records and facts at once, and nobody else waits for it', async () => {
  const open: (() => void)[] = []
  const begun: string[] = []
  const read = (key: ChannelKey) => {
    begun.push(key.account)
    return new Promise<never[]>((resolve) => open.push(() => resolve([])))
  }
  const store: Pick<RunStore, 'find' | 'facts'> = { find: ([key]) => read(key as ChannelKey), facts: read }
  const runs = readRunsInTurn(store)
  const reads = Array.from({ length: 20 }, (_, n) => (n % 2 ? runs.facts(keyOf('a', n)) : runs.find([keyOf('a', n)])))
  const other = runs.find([keyOf('b', 0)])
  await settled()
  expect(begun).toEqual([...Array.from({ length: 8 }, () => 'a'), 'b'])
  for (let n = 0; n < 21; n++) {
    open[n]?.()
    await settled()
  }
  await Promise.all([...reads, other])
  expect(begun).toHaveLength(21)
})

test('a long list is read part by part, in its order', async () => {
  const asked: number[] = []
  const store = {
    facts: async () => [],
    find: async (keys: readonly ChannelKey[]) => {
      asked.push(keys.length)
      return keys.map(({ channel }) => channel as never)
    },
  } satisfies Pick<RunStore, 'find' | 'facts'>
  const keys = Array.from({ length: 40 }, (_, n) => keyOf('a', n))
  expect(await readRunsInTurn(store).find(keys)).toEqual(keys.map(({ channel }) => channel))
  expect(asked).toEqual([16, 16, 8])
})
