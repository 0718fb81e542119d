import { expect, test } from 'vitest'
import { pacedFollower, readInTurn } from '../../src/api/paced-follower.ts'
import type { ChannelLog, LogEntry, LogPage } from '../../src/channel/channel.ts'
import type { Batch, Follower, TakeAtOnce } from '../../src/channel/follow.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { createLoopTurns } from '../../src/kernel/loop-turns.ts'

const key = (account: string) => ({ account, channel: 'c' }) as ChannelKey
const entry = (offset: number) => ({ offset, tag: `t${offset}`, at: 0, event: {} }) as LogEntry

function batches(...sizes: readonly number[]) {
  let at = 0
  const all = sizes.map((size): Batch => {
    const entries = Array.from({ length: size }, () => entry(++at))
    return { entries, position: { epoch: 'e', offset: at, tag: `t${at}` } }
  })
  return {
    async *follow() {
      yield* all
    },
    close() {},
  }
}

test('a batch is handed on in parts, each with the position of its last entry', async () => {
  const follower = pacedFollower(batches(20, 1), createLoopTurns({ ms: 4, slices: 4, activeMs: 1000 }))
  const parts: Batch[] = []
  for await (const part of follower.follow(key('a'), {})) parts.push(part)
  expect(parts.map(({ entries, position }) => [entries[0]?.offset, entries.length, position])).toEqual([
    [1, 8, { epoch: 'e', offset: 8, tag: 't8' }],
    [9, 8, { epoch: 'e', offset: 16, tag: 't16' }],
    [17, 4, { epoch: 'e', offset: 20, tag: 't20' }],
    [21, 1, { epoch: 'e', offset: 21, tag: 't21' }],
  ])
})

test('readers who leave in the middle of a batch get nothing more', async () => {
  const follower = pacedFollower(batches(20, 1), createLoopTurns({ ms: 4, slices: 4, activeMs: 1000 }))
  const reader = follower.follow(key('a'), {})
  await reader.next()
  await reader.return?.()
  expect(await reader.next()).toEqual({ done: true, value: undefined })
})

test('a thousand readers of an account are served in many turns of the loop, another account’s in the first', async () => {
  const follower = pacedFollower(batches(1), createLoopTurns({ ms: 4, slices: 4, activeMs: 1000 }))
  const served: string[] = []
  const read = async (account: string) => {
    await follower.follow(key(account), {}).next()
    served.push(account)
  }
  for (let n = 0; n < 1000; n++) void read('a')
  void read('b')
  await new Promise(setImmediate)
  expect(served.length).toBeLessThan(20)
  expect(served).toContain('b')
})

test('a publication is written on the spot to as many readers as there is time for; the others pull it', () => {
  const offers: (TakeAtOnce | undefined)[] = []
  const source: Follower = {
    follow: (_key, _start, takeAtOnce) => {
      offers.push(takeAtOnce)
      return batches().follow()
    },
    close() {},
  }
  const turns = createLoopTurns({ ms: 0.31, slices: 10, activeMs: 1000 })
  const follower = pacedFollower(source, turns)
  turns.pass('b')
  let taken = 0
  for (let n = 0; n < 100; n++)
    follower.follow(key('a'), {}, () => {
      taken += 1
      return true
    })
  const published: Batch = { entries: [entry(1)], position: { epoch: 'e', offset: 1, tag: 't1' } }
  const answers = offers.map((offer) => offer?.(published))
  expect([taken, answers.filter((answer) => answer === true).length]).toEqual([10, 10])
  expect(offers.length).toBe(100)
  follower.follow(key('a'), {})
  expect(offers.at(-1)).toBeUndefined()
})

test('an account reads so many pages at once, whatever others read', async () => {
  const reading: string[] = []
  const ends: (() => void)[] = []
  const log = readInTurn({
    read: ({ account }: ChannelKey) =>
      new Promise<LogPage | null>((resolve) => {
        reading.push(account)
        ends.push(() => resolve(null))
      }),
  } as unknown as ChannelLog)
  const limits = { maxEntries: 1, maxBytes: 1 }
  for (let n = 0; n < 10; n++) void log.read(key('a'), null, limits)
  void log.read(key('b'), null, limits)
  await new Promise(setImmediate)
  expect(reading).toEqual(['a', 'a', 'a', 'a', 'b'])
  ends[0]?.()
  await new Promise(setImmediate)
  expect(reading).toEqual(['a', 'a', 'a', 'a', 'b', 'a'])
})
