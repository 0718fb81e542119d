import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/**
 * How much may be written in one turn of the event loop before anyone looks at what the socket still holds: so many
 * messages, and so many characters if they are as long as those before.
 */
const turnLimits = { messages: 32, characters: 65_536 } as const

/** Lets answers and events of one connection pass only while its client takes what was sent before. */
export interface SendTurns {
  /** Fulfilled when the caller may send one message; in the order of the calls. At once after the connection has ended. */
  next(): Promise<void>
  /** Call it for each message that is written. */
  sent(characters: number): void
}

/**
 * A connection carries up to a thousand subscriptions. If each wrote its next event to a socket that is not read, all of
 * these would be kept for it, as texts of its own. Before its turn an event is only what all readers share.
 */
export function createSendTurns(tcp: Socket): SendTurns {
  const waiting: (() => void)[] = []
  let passed = 0
  let isLetting = false
  let allowed = 1
  let typical: number = turnLimits.characters

  const isCongested = () => tcp.writableNeedDrain && !tcp.destroyed
  const letPass = async () => {
    isLetting = true
    while (waiting.length > 0 || passed > 0) {
      // What has its turn writes within this turn of the event loop.
      await setImmediate()
      passed = 0
      while (isCongested()) await untilDrained(tcp)
      for (const go of waiting.splice(0, allowed)) {
        passed += 1
        go()
      }
    }
    isLetting = false
  }
  return {
    next() {
      if (waiting.length === 0 && passed < allowed && !isCongested()) {
        passed += 1
        if (!isLetting) void letPass()
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        waiting.push(resolve)
        if (!isLetting) void letPass()
      })
    },
    sent(characters) {
      // Of the larger ones: a long answer and its short `complete` take turns.
      typical = Math.max(characters, typical * 0.9)
      allowed = Math.max(1, Math.min(turnLimits.messages, Math.floor(turnLimits.characters / typical)))
    },
  }
}

async function untilDrained(tcp: Socket): Promise<void> {
  const abort = new AbortController()
  const { signal } = abort
  // Its errors end the connection, and `close` follows.
  await Promise.race([once(tcp, 'drain', { signal }), once(tcp, 'close', { signal })]).catch(() => {})
  abort.abort()
}

/** Gives each result of a subscription to its transport in its turn. It is pulled and ended exactly as it is itself. */
export function inTurn<Result>(results: AsyncIterable<Result>, turns: SendTurns): AsyncGenerator<Result, void, void> {
  const inner = results[Symbol.asyncIterator]()
  return {
    async next() {
      const result = await inner.next()
      if (result.done === true) return { done: true, value: undefined }
      await turns.next()
      return result
    },
    async return() {
      await inner.return?.()
      return { done: true, value: undefined }
    },
    async throw(error?: unknown) {
      await inner.throw?.(error)
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await inner.return?.()
    },
  }
}
