import type { ChannelLog } from '../channel/channel.ts'
import type { Batch, Follower } from '../channel/follow.ts'
import type { LoopTurns } from '../kernel/loop-turns.ts'
import { atPlace, createTurns } from '../kernel/turns.ts'

/** Readers of an account wait for each other, and are never refused. */
const pageTurns = { places: 16, perAccount: 4, waiting: Number.POSITIVE_INFINITY }
/** How many entries are handed on at once: each becomes an event that is executed and written. */
const entriesAtOnce = 8
/** About what it takes to write a publication to one more of its readers. */
const directMs = 0.03

/** The same follower, whose readers take turns: one that replays a long log, or a thousand of one channel, are not served in one go. */
export function pacedFollower(follower: Follower, turns: LoopTurns): Follower {
  return {
    follow(key, start, takeAtOnce) {
      const takeInTurn = takeAtOnce && ((batch: Batch) => turns.hasRoom(key.account, directMs) && takeAtOnce(batch))
      const batches = follower.follow(key, start, takeInTurn)
      let rest: Batch | null = null
      return {
        async next() {
          if (rest === null) {
            const result = await batches.next()
            if (result.done === true) return result
            rest = result.value
          }
          await turns.pass(key.account)
          const [value, after] = split(rest)
          rest = after
          return { done: false, value }
        },
        async return() {
          rest = null
          return (await batches.return?.()) ?? { done: true, value: undefined }
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
    close: () => follower.close(),
  }
}

/** The same log, of which each account reads so many pages at once: what comes from the store is parsed in one go. */
export function readInTurn(log: ChannelLog): ChannelLog {
  const turns = createTurns(pageTurns)
  return {
    ...log,
    read: (key, from, limits) => atPlace(turns, key.account, () => log.read(key, from, limits)),
  }
}

function split({ entries, position }: Batch): readonly [now: Batch, after: Batch | null] {
  const now = entries.slice(0, entriesAtOnce)
  const last = now.at(-1)
  if (last === undefined || now.length === entries.length) return [{ entries, position }, null]
  const here = { epoch: position.epoch, offset: last.offset, tag: last.tag }
  return [
    { entries: now, position: here },
    { entries: entries.slice(entriesAtOnce), position },
  ]
}

/** The same items, each of which waits for its turn before it is handed on. */
export function inTurn<Item>(
  items: AsyncIterableIterator<Item>,
  turn: (item: Item) => Promise<void> | undefined,
): AsyncIterableIterator<Item> {
  return {
    async next() {
      const result = await items.next()
      if (result.done !== true) await turn(result.value)
      return result
    },
    async return() {
      return (await items.return?.()) ?? { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
