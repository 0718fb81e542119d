import { AsyncLocalStorage } from 'node:async_hooks'

/** A process of the simulated fleet: what it does is done in its context, and nothing is once it is dead. */
export interface SimulatedProcess {
  readonly name: string
  isDead: boolean
  /** Until then nothing of it happens, as after SIGSTOP. Virtual ms. */
  pausedUntil: number
  /** It dies when it has done so many more. */
  stepsLeft?: number
}

export const inProcess = new AsyncLocalStorage<SimulatedProcess>()

interface Timer {
  readonly id: number
  readonly callback: () => void
  readonly process: SimulatedProcess | undefined
  /** Null: once. */
  readonly every: number | null
  at: number
}

export interface VirtualTime {
  /** Virtual ms since the simulation began. */
  now(): number
  /** A millisecond later than it was. */
  tick(): number
  /** It is at least that late. */
  reach(ms: number): void
  /** Goes on to the earliest timer of a process that lives, and fires it. False: there is none. */
  fireNext(): boolean
  /** Puts the real timers back. Calling it again changes nothing. */
  uninstall(): void
}

/** Replaces the global timers, which are all that the code under test uses, by ones that fire when they are told to. */
export function installVirtualTime(): VirtualTime {
  const real = { setTimeout, setInterval, clearTimeout, clearInterval }
  const timers = new Map<number, Timer>()
  let now = 0
  let ids = 0
  let isInstalled = true

  const begin = (callback: () => void, ms: number, every: number | null) => {
    const id = ++ids
    timers.set(id, { id, callback, process: inProcess.getStore(), every, at: now + Math.max(1, ms) })
    return id
  }
  const end = (id: unknown) => void timers.delete(id as number)
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, ms = 0) => begin(callback, ms, null),
    setInterval: (callback: () => void, ms = 0) => begin(callback, ms, ms),
    clearTimeout: end,
    clearInterval: end,
  })

  const earliest = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers.values()) {
      if (timer.process?.isDead) timers.delete(timer.id)
      else {
        timer.at = Math.max(timer.at, timer.process?.pausedUntil ?? 0)
        if (timer.at < (first?.at ?? Number.POSITIVE_INFINITY)) first = timer
      }
    }
    return first
  }
  return {
    now: () => now,
    tick: () => ++now,
    reach(ms) {
      now = Math.max(now, ms)
    },
    fireNext() {
      const timer = earliest()
      if (timer === undefined) return false
      now = Math.max(now, timer.at)
      if (timer.every === null) timers.delete(timer.id)
      else timer.at = now + timer.every
      inProcess.run(timer.process as SimulatedProcess, timer.callback)
      return true
    },
    uninstall() {
      // Another simulation may have installed its own since.
      if (isInstalled) Object.assign(globalThis, real)
      isInstalled = false
    },
  }
}
