import type { Publication, WatchSignal } from './channel.ts'
import { createWakeUp } from './wake-up.ts'

export interface TailLimits {
  readonly maxPublications: number
  readonly maxEntries: number
}

/** Enough for a burst between two pulls. A reader that is further behind reads pages instead. */
export const tailLimits: TailLimits = { maxPublications: 64, maxEntries: 1024 }

/**
 * A bounded buffer of what has been published since a follower last looked. When it overflows, or publications may have been
 * missed, it drops everything and is behind: the follower must read the log.
 */
export interface Tail {
  accept(signal: WatchSignal): void
  /** Makes the follower read the log. */
  fallBehind(): void
  /** Drops everything, before a read that will see it. */
  reset(): void
  isBehind(): boolean
  /** Nothing has come, and nothing may have been missed. */
  isEmpty(): boolean
  shift(): Publication | undefined
  /** Fulfilled as soon as there is something to do, or when `signal` is aborted. */
  changed(signal: AbortSignal): Promise<void>
  /** Fulfils `changed` although nothing is there. */
  wake(): void
}

export function createTail(limits: TailLimits = tailLimits): Tail {
  let publications: Publication[] = []
  let entries = 0
  let behind = false
  const wakeUp = createWakeUp()

  const fallBehind = () => {
    publications = []
    entries = 0
    behind = true
    wakeUp.wake()
  }
  return {
    accept(signal) {
      if (behind) return
      if (signal === 'interrupted' || signal.entries === null) return fallBehind()
      publications.push(signal)
      entries += signal.entries.length
      if (publications.length > limits.maxPublications || entries > limits.maxEntries) return fallBehind()
      wakeUp.wake()
    },
    fallBehind,
    reset() {
      publications = []
      entries = 0
      behind = false
    },
    isBehind: () => behind,
    isEmpty: () => !behind && publications.length === 0,
    wake: wakeUp.wake,
    shift() {
      const publication = publications.shift()
      entries -= publication?.entries?.length ?? 0
      return publication
    },
    async changed(signal) {
      if (!behind && publications.length === 0) await wakeUp.next(signal)
    },
  }
}
