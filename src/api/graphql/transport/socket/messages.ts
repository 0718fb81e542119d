import { AsyncLocalStorage } from 'node:async_hooks'

/** How many messages of one connection are handled at once. A subscription counts only until it has begun. */
const mostMessages = 32

export interface MessagesOptions {
  /** Fulfilled when the message is done with. Must not throw. */
  readonly handle: (message: string) => Promise<void>
  /** Stops reading from the client; the returned function goes on. */
  readonly pause: () => () => void
}

/**
 * Handles the messages of a connection in order, so many at once. While there are more it is not read, so a client that sends
 * faster than it is answered, or that does not read its answers, is slowed down instead of buffered.
 */
export interface Messages {
  take(message: string): void
  /** Drops what has not begun. */
  clear(): void
}

/** Holds nothing of its message, because a subscription keeps its context. */
interface Place {
  readonly free: () => void
}

const placeOf = new AsyncLocalStorage<Place>()

/** Call it in the handling of a message that has become a subscription: the next message may take its place. */
export function freePlace(): void {
  placeOf.getStore()?.free()
}

export function createMessages({ handle, pause }: MessagesOptions): Messages {
  const waiting: string[] = []
  let handled = 0
  let resume: (() => void) | null = null
  // A message must not begin in the context of the one whose place it takes.
  const inOwnContext = AsyncLocalStorage.snapshot()

  const takePlace = (): Place => {
    let isTaken = true
    handled += 1
    return {
      free() {
        if (!isTaken) return
        isTaken = false
        handled -= 1
        const next = waiting.shift()
        if (next !== undefined) inOwnContext(begin, next)
        else if (handled === mostMessages - 1) goOn()
      },
    }
  }
  const goOn = () => {
    resume?.()
    resume = null
  }
  function begin(message: string): void {
    const place = takePlace()
    void placeOf.run(place, handle, message).finally(place.free)
  }
  const isFull = () => handled >= mostMessages
  return {
    take(message) {
      // All messages in one piece from the network come at once, also after the pause.
      if (isFull()) waiting.push(message)
      else begin(message)
      if (isFull()) resume ??= pause()
    },
    clear: () => void waiting.splice(0),
  }
}
