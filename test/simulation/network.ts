import type { ChannelLog, WatchSignal } from '../../src/channel/channel.ts'
import type { LineNews } from '../../src/dispatch/line/line.ts'
import type { Random } from '../faults/random.ts'
import type { Steps } from './steps.ts'
import { inProcess, type SimulatedProcess } from './virtual-time.ts'

interface Wire {
  readonly process: SimulatedProcess | undefined
  readonly listener: (signal: WatchSignal) => void
  readonly signals: WatchSignal[]
}

/** What is on its way from the store to its watchers. */
export interface Network {
  /** The log as a process sees it: reading is a step, and publications arrive when the scheduler lets them. */
  readonly log: ChannelLog
  readonly lineNews: LineNews
  /** Delivers one of the signals that wait, or loses it. False: none waits. */
  deliver(losesSome: boolean): boolean
  /** Every connection was interrupted. */
  interrupt(): void
  readonly lost: number
}

export interface NetworkOptions {
  readonly log: ChannelLog
  readonly lineNews: LineNews
  readonly steps: Steps
  readonly random: Random
  readonly now: () => number
  /** The store tells its watchers on the spot: it is in their process. */
  readonly isInProcess: boolean
}

export function createNetwork({ log, lineNews, steps, random, now, isInProcess }: NetworkOptions): Network {
  const wires = new Set<Wire>()
  let lost = 0
  const isUp = ({ process }: Wire) => process === undefined || (!process.isDead && process.pausedUntil <= now())
  /** @param watch what tells of news, where the store has them */
  const connect = async (
    { process, listener }: Pick<Wire, 'process' | 'listener'>,
    watch: (hear: Wire['listener']) => Promise<() => void>,
  ) => {
    const wire: Wire = { process, listener, signals: [] }
    wires.add(wire)
    const unwatch = await watch((signal) => {
      if (!isInProcess) wire.signals.push(signal)
      else if (isUp(wire)) listener(signal)
    })
    return () => {
      wires.delete(wire)
      unwatch()
    }
  }
  return {
    log: {
      heads: (keys) => steps.perform('log.heads', () => log.heads(keys)),
      read: (key, from, limits) =>
        steps.perform(`log.read ${key.channel} after ${from?.offset ?? 0}`, () => log.read(key, from, limits)),
      watch: (key, listener) => {
        const end = { process: inProcess.getStore(), listener }
        return steps.perform(`log.watch ${key.channel}`, () => connect(end, (hear) => log.watch(key, hear)))
      },
    },
    lineNews: {
      watch: (key, listener) => {
        const end = { process: inProcess.getStore(), listener }
        // What it hears is that it must look.
        return steps.perform('lines.watch', () =>
          connect(end, (hear) => lineNews.watch(key, () => hear('interrupted'))),
        )
      },
    },
    deliver(losesSome) {
      const loaded: Wire[] = []
      for (const wire of wires) {
        if (wire.process?.isDead) wires.delete(wire)
        else if (wire.signals.length > 0 && isUp(wire)) loaded.push(wire)
      }
      if (loaded.length === 0) return false
      const { signals, listener } = random.pick(loaded)
      const signal = signals.shift()
      if (losesSome && random.chance(0.15)) lost += 1
      else if (signal !== undefined) listener(signal)
      return true
    },
    interrupt() {
      for (const { signals } of wires) signals.push('interrupted')
    },
    get lost() {
      return lost
    },
  }
}
