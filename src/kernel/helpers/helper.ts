import { fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Asked, Told } from './messages.ts'

export interface ToDo {
  readonly name: string
  readonly input: unknown
  /** Sent one by one before the input, because sending copies a part in one go. */
  readonly parts: Iterable<unknown>
  readonly ms: number
}

export type Outcome =
  | Exclude<Told, { kind: 'ready' }>
  | { readonly kind: 'killed' }
  | { readonly kind: 'died' }
  | { readonly kind: 'not-started' }

/** `ms`: how long the job itself took. */
export interface Ending {
  readonly outcome: Outcome
  readonly ms: number
}

/** One helper process. */
export interface Helper {
  readonly isAlive: boolean
  /** Whether it has done a job before. */
  readonly isUsed: boolean
  /** Carries out one job; a second one must wait until the first has its outcome. */
  run(job: ToDo): Promise<Ending>
  kill(): void
}

export interface HelperOptions {
  readonly entry: URL
  readonly memoryMb: number
  /** A job interrupts itself when its time is up; whoever is this much later is killed. */
  readonly graceMs: number
}

/** Other work of the machine goes first. */
const niceness = 10

/**
 * Starts a process. It gets nothing of this one's environment, so no credentials; it ends with its job when this process
 * dies; and a signal that a terminal sends to all does not reach it, so that this process can still finish its work.
 */
export function startHelper({ entry, memoryMb, graceMs }: HelperOptions): Helper {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memoryMb}`],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  })
  // An idle helper does not keep this process from ending.
  child.unref()
  child.channel?.unref()
  let isAlive = true
  let isUsed = false
  let settle: (outcome: Outcome) => void = () => {}
  const ready = Promise.withResolvers<void>()

  child.on('message', (message: Told) => {
    if (message.kind === 'ready') ready.resolve()
    else settle(message)
  })
  const end = (outcome: Outcome) => {
    isAlive = false
    ready.resolve()
    settle(outcome)
  }
  child.on('exit', () => end({ kind: 'died' }))
  // It could not be started, or a message could not be sent because it has died.
  child.on('error', () => end({ kind: 'died' }))
  if (child.pid !== undefined) lower(child.pid)

  const kill = () => {
    child.kill('SIGKILL')
    end({ kind: 'killed' })
  }
  const send = (asked: Asked) => isAlive && child.send(asked)
  return {
    get isAlive() {
      return isAlive
    },
    get isUsed() {
      return isUsed
    },
    async run({ name, input, parts, ms }) {
      child.channel?.ref()
      await ready.promise
      if (!isAlive) return { outcome: { kind: 'not-started' }, ms: 0 }
      const ending = Promise.withResolvers<Outcome>()
      settle = ending.resolve
      for (const part of parts) {
        send({ kind: 'part', part })
        await nextTurn()
      }
      const begunAt = performance.now()
      send({ kind: 'job', name, input, ms })
      isUsed = true
      const timer = setTimeout(kill, ms + graceMs)
      const outcome = await ending.promise
      clearTimeout(timer)
      child.channel?.unref()
      return { outcome, ms: performance.now() - begunAt }
    },
    kill,
  }
}

function lower(pid: number): void {
  try {
    setPriority(pid, niceness)
  } catch {
    // The system does not allow it, or the process has ended already.
  }
}
