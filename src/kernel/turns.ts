import { Failure } from './errors.ts'

export interface TurnsOptions {
  /** How many may be inside at once. */
  readonly places: number
  /** How many of one account. */
  readonly perAccount: number
  /** How many of one account may wait. */
  readonly waiting: number
}

/** Accounts take turns at a bounded number of places, so that one which asks for many does not keep the others waiting. */
export interface Turns {
  /**
   * Resolves with the function that gives the place back. LIMIT_EXCEEDED if too much of the account waits already. Rejects
   * with the reason of the signal when it is aborted before there is a place.
   */
  enter(account: string, signal?: AbortSignal): Promise<() => void>
  /** As `enter`, if there is a place now; null if not. */
  tryEnter(account: string): (() => void) | null
}

/** Does the work at one of the account's places. It begins at once where there is one now. */
export async function atPlace<Result>(turns: Turns, account: string, work: () => Promise<Result>): Promise<Result> {
  const leave = turns.tryEnter(account) ?? (await turns.enter(account))
  try {
    return await work()
  } finally {
    leave()
  }
}

const retryAfterSeconds = 1

export function createTurns({ places, perAccount, waiting }: TurnsOptions): Turns {
  /** By account; the account whose turn is next is the first. */
  const lines = new Map<string, (() => void)[]>()
  const inside = new Map<string, number>()
  let free = places

  const isOpen = (account: string) => free > 0 && (inside.get(account) ?? 0) < perAccount
  const take = (account: string) => {
    free -= 1
    inside.set(account, (inside.get(account) ?? 0) + 1)
  }
  const admit = () => {
    // One that is admitted goes to the end of the map, where this loop meets its account again.
    for (const [account, line] of lines) {
      if (!isOpen(account)) continue
      lines.delete(account)
      const next = line.shift()
      if (line.length > 0) lines.set(account, line)
      take(account)
      next?.()
    }
  }
  const leave = (account: string) => {
    free += 1
    const left = (inside.get(account) ?? 1) - 1
    if (left === 0) inside.delete(account)
    else inside.set(account, left)
    admit()
  }
  const placeOf = (account: string) => {
    let isLeft = false
    return () => {
      if (!isLeft) leave(account)
      isLeft = true
    }
  }
  return {
    async enter(account, signal) {
      signal?.throwIfAborted()
      const line = lines.get(account) ?? []
      if (line.length >= waiting) {
        const message = `The account has ${waiting} pieces of work waiting already.`
        throw new Failure('LIMIT_EXCEEDED', message, { retryAfterSeconds })
      }
      const { promise: admitted, resolve, reject } = Promise.withResolvers<void>()
      line.push(resolve)
      lines.set(account, line)
      const giveUp = () => {
        const at = line.indexOf(resolve)
        if (at === -1) return
        line.splice(at, 1)
        if (line.length === 0) lines.delete(account)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp)
      admit()
      await admitted.finally(() => signal?.removeEventListener('abort', giveUp))
      return placeOf(account)
    },
    tryEnter(account) {
      if (lines.has(account) || !isOpen(account)) return null
      take(account)
      return placeOf(account)
    },
  }
}
