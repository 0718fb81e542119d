/** A lock of BullMQ: its job, and the text that only its holder knows. */
export interface Lock {
  readonly jobId: string
  readonly token: string
}

export interface RenewalsOptions {
  /** Unrenewed for this long, a lock counts as lost. */
  readonly leaseMs: number
  /** The holder's event loop may show no sign of life for this long; then nothing is renewed until it does. */
  readonly blockedMs: number
  /** Monotonic. */
  readonly now: () => number
  /** A number that changes while the holder's event loop turns. */
  readonly signOfLife: () => number
  /** Renews a lock for `leaseMs`; false: it is another's by now. */
  readonly extend: (lock: Lock) => Promise<boolean>
  /** Told once of each hold that is lost. It is over then. */
  readonly onLost: (hold: number) => void
  readonly onError: (error: unknown) => void
}

/** The locks of one process, and their renewal. Each hold has a number: the same job may come again while an old hold ends. */
export interface Renewals {
  hold(hold: number, lock: Lock): void
  release(hold: number): void
  /** Renews all locks once. Must be called several times a lease. */
  beat(): void
}

interface Held {
  readonly lock: Lock
  /** When the last renewal that succeeded was sent. */
  renewedAt: number
  /** One renewal of a lock is in flight at most, so that none pile up while Redis is away. */
  isRenewing: boolean
}

export function createRenewals(options: RenewalsOptions): Renewals {
  const { leaseMs, blockedMs, now, signOfLife, extend, onLost, onError } = options
  const all = new Map<number, Held>()
  let lastSign = signOfLife()
  let lastSignAt = now()
  let isBlocked = false

  const lose = (hold: number) => {
    if (all.delete(hold)) onLost(hold)
  }
  const renew = (hold: number, held: Held, at: number) => {
    held.isRenewing = true
    extend(held.lock)
      .then((isExtended) => {
        if (isExtended) held.renewedAt = at
        else lose(hold)
      }, onError) // Redis is away. The next beat finds out, or the lease runs out.
      .finally(() => {
        held.isRenewing = false
      })
  }
  /** Whether the holder's loop has turned lately. */
  const isAlive = (at: number): boolean => {
    const sign = signOfLife()
    if (sign !== lastSign) {
      lastSign = sign
      lastSignAt = at
    }
    const silentMs = at - lastSignAt
    const wasBlocked = isBlocked
    isBlocked = silentMs > blockedMs
    if (isBlocked && !wasBlocked) {
      onError(new Error(`The event loop has been blocked for ${Math.round(silentMs)} ms: its leases are given up.`))
    }
    return !isBlocked
  }

  return {
    hold(hold, lock) {
      all.set(hold, { lock, renewedAt: now(), isRenewing: false })
    },
    release(hold) {
      all.delete(hold)
    },
    beat() {
      const at = now()
      const mayRenew = isAlive(at)
      for (const [hold, held] of all) {
        if (at - held.renewedAt > leaseMs) lose(hold)
        if (all.has(hold) && mayRenew && !held.isRenewing) renew(hold, held, at)
      }
    },
  }
}
