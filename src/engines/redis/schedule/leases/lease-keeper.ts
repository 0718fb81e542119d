import { Worker as Thread } from 'node:worker_threads'
import type { FromThread, LeaseThreadOptions, ToThread } from './messages.ts'
import type { Lock } from './renewals.ts'

/**
 * Renews the locks of this process in a thread, which a busy event loop does not hold up. The thread is started with the first
 * lock; while there is none yet, or one has died, this thread renews them.
 */
export interface LeaseKeeper {
  /** Keeps a lock until the returned function is called. */
  hold(lock: Lock, held: HeldLock): () => void
  close(): Promise<void>
}

export interface HeldLock {
  /** Renews it for a lease, without the thread. */
  readonly extend: () => Promise<unknown>
  /** Called once if the lock is lost before it is released. */
  readonly onLost: () => void
}

export interface LeaseKeeperOptions extends Omit<LeaseThreadOptions, 'signs'> {
  readonly onError: (error: unknown) => void
}

const entry = new URL(import.meta.url.endsWith('.ts') ? './lease-thread.ts' : './lease-thread.js', import.meta.url)
/** How often in a lease the event loop gives a sign of life. */
const signsPerLease = 10

export function createLeaseKeeper({ onError, ...given }: LeaseKeeperOptions): LeaseKeeper {
  const { leaseMs } = given
  const options: LeaseThreadOptions = { ...given, signs: new Int32Array(new SharedArrayBuffer(4)) }
  const all = new Map<number, HeldLock & { readonly lock: Lock }>()
  let count = 0
  let thread: Thread | null = null
  let isReady = false

  const start = (): Thread => {
    // Neither the environment nor what is loaded before this process's own modules: it needs nothing but its options.
    const started = new Thread(entry, { workerData: options, env: {}, execArgv: [], name: 'leases' })
    started.on('message', (message: FromThread) => {
      if (message.kind === 'ready') isReady = true
      else if (message.kind === 'error') onError(message.error)
      else lose(message.hold)
    })
    started.on('error', onError)
    started.on('exit', () => {
      thread = null
      isReady = false
    })
    // A process that has nothing else to do ends. After the listeners: one for messages undoes it (nodejs/node#53036).
    started.unref()
    return started
  }
  const send = (message: ToThread) => thread?.postMessage(message)
  const lose = (hold: number) => {
    const held = all.get(hold)
    all.delete(hold)
    held?.onLost()
  }
  const ensureThread = () => {
    if (thread !== null || all.size === 0) return
    thread = start()
    for (const [hold, { lock }] of all) send({ kind: 'hold', hold, lock })
  }
  const live = () => {
    Atomics.add(options.signs, 0, 1)
    ensureThread()
  }
  const renew = () => {
    if (isReady) return
    for (const { extend } of all.values()) extend().catch(onError)
  }

  const timers = [setInterval(live, leaseMs / signsPerLease), setInterval(renew, leaseMs / 4)]
  for (const timer of timers) timer.unref()
  return {
    hold(lock, held) {
      const hold = ++count
      all.set(hold, { ...held, lock })
      if (thread === null) ensureThread()
      else send({ kind: 'hold', hold, lock })
      return () => {
        if (all.delete(hold)) send({ kind: 'release', hold })
      }
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      await thread?.terminate()
    },
  }
}
