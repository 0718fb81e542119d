import { Failure } from '../../src/kernel/errors.ts'
import type { Random } from '../faults/random.ts'
import { inProcess, type SimulatedProcess, type VirtualTime } from './virtual-time.ts'

/** Something that waits to be let happen. */
interface Step {
  readonly name: string
  readonly process: SimulatedProcess | undefined
  readonly act: () => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  readonly whenLost: WhenLost
  /** A command that is sent again after a lost reply arrives then. Virtual ms. */
  readonly notBefore?: number
}

/** What becomes of a step whose reply is lost: it is carried out again, as when a command is resent, or it fails, and may never have happened. */
export type WhenLost = 'never' | 'repeat' | 'fail' | 'either'

/** How often a command loses its reply, and how much later it arrives again at the most, in virtual ms. */
export interface LostReplies {
  readonly chance: number
  readonly againWithinMs: number
}

export interface Steps {
  /** Is done when the scheduler chooses it, which is never once its process is dead. */
  perform<Result>(name: string, act: () => Promise<Result>, whenLost?: WhenLost): Promise<Result>
  /** How many could happen now. */
  readonly ready: number
  /** Lets one of them happen, or several in one turn, with a fault if faults are on. */
  some(isFaulty: boolean): Promise<void>
  /** The process dies: what it waits for never happens, or happens without its knowing. */
  kill(process: SimulatedProcess): Promise<void>
  /** The process dies, and nothing of what it waits for happens. */
  drop(process: SimulatedProcess): void
  /** The step that happened last. */
  readonly latest: Pick<Step, 'name' | 'process'> | null
  note(what: string): void
  /** What happened, newest last, for a failing seed. */
  readonly trace: readonly string[]
}

export interface StepsOptions {
  readonly random: Random
  readonly time: VirtualTime
  /** Runs after each step: a store over a network delivers what the step has published. */
  readonly settled: () => Promise<unknown>
  /** How many steps happen in one turn of the event loop. */
  readonly atOnce: () => number
  /** Whether the one process that has the store has died just now: it hears nothing any more. */
  readonly hasDied: () => boolean
  /** Of commands about messages on result channels, where they can lose their replies. */
  readonly lostMessages: LostReplies
}

/** Of all other commands: they arrive again as soon as the scheduler chooses them. */
export const lostReplies: LostReplies = { chance: 0.04, againWithinMs: 0 }

/** Every call of a port and every word of a model is a step; which comes next is drawn from the seed. */
export function createSteps({ random, time, settled, atOnce, hasDied, lostMessages }: StepsOptions): Steps {
  let waiting: Step[] = []
  const trace: string[] = []
  let latest: Step | null = null
  const canHappen = ({ process, notBefore = 0 }: Step) => Math.max(process?.pausedUntil ?? 0, notBefore) <= time.now()
  // Some are slower than others, so that these do much between two steps of theirs.
  const slow = random.pick(['nobody', 'worker', 'worker', 'api'])
  const pick = () => {
    const ready = waiting.filter(canHappen)
    const step = random.pick(ready)
    return step.process?.name.startsWith(slow) && random.chance(0.7) ? random.pick(ready) : step
  }
  const note = (what: string) => void trace.push(`${time.now()} ${what}`)
  const noteStep = ({ name, process }: Step, how = '') => note(`${process?.name ?? '-'} ${name}${how}`)
  const drop = (process: SimulatedProcess) => {
    process.isDead = true
    waiting = waiting.filter((each) => each.process !== process)
  }
  const carryOut = async (step: Step, isFaulty: boolean) => {
    latest = step
    if (step.process?.stepsLeft !== undefined) step.process.stepsLeft -= 1
    const { chance, againWithinMs } = step.name.startsWith('results.') ? lostMessages : lostReplies
    const isLost = isFaulty && step.whenLost !== 'never' && random.chance(chance)
    const fails = isLost && (step.whenLost === 'fail' || (step.whenLost === 'either' && random.chance(0.5)))
    const hasArrived = !fails || random.chance(0.7)
    noteStep(step, isLost ? ` (its ${hasArrived ? 'reply' : 'request'} is lost)` : '')
    try {
      if (!hasArrived) throw new Failure('UNAVAILABLE', 'The request was lost.')
      const result = await step.act()
      if (hasDied()) return
      if (!isLost) return step.resolve(result)
      if (fails) throw new Failure('UNAVAILABLE', 'The reply was lost.')
      // Whatever others do comes between.
      waiting.push(againWithinMs === 0 ? step : { ...step, notBefore: time.now() + random.int(againWithinMs) })
    } catch (error) {
      if (!hasDied()) step.reject(error)
    }
  }

  return {
    perform: <Result>(name: string, act: () => Promise<Result>, whenLost: WhenLost = 'never') =>
      new Promise<Result>((resolve, reject) => {
        const process = inProcess.getStore()
        if (process?.isDead) return
        // What `act` resolves with is a Result, whatever the list of steps knows of it.
        waiting.push({ name, process, act, resolve: resolve as (value: unknown) => void, reject, whenLost })
      }),
    get ready() {
      return waiting.filter(canHappen).length
    },
    get latest() {
      return latest
    },
    trace,
    note,

    async some(isFaulty) {
      const turn: Step[] = []
      for (let left = atOnce(); left > 0 && waiting.some(canHappen); left--) {
        const step = pick()
        waiting.splice(waiting.indexOf(step), 1)
        turn.push(step)
      }
      await Promise.all(turn.map((step) => carryOut(step, isFaulty)))
      await settled()
    },

    async kill(process) {
      note(`${process.name} dies`)
      process.isDead = true
      for (const step of waiting.filter((each) => each.process === process && random.chance(0.5))) {
        latest = step
        noteStep(step, ' (as it dies)')
        await step.act().catch(() => {})
      }
      drop(process)
      await settled()
    },

    drop(process) {
      note(`${process.name} dies at once`)
      drop(process)
    },
  }
}

/** The port with every call a step of its own. */
export function stepped<Port extends object>(steps: Steps, name: string, port: Port, whenLost: WhenLost): Port {
  return new Proxy(port, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      return (...args: unknown[]) =>
        steps.perform(`${name}.${String(property)}${channelOf(args)}`, async () => method.apply(target, args), whenLost)
    },
  })
}

/** For the trace: what most calls begin with is a channel's key. */
function channelOf([first]: readonly unknown[]): string {
  const { channel, key } = (first ?? {}) as { channel?: string; key?: { channel?: string } }
  return ` ${channel ?? key?.channel ?? ''}`
}
