import { parentPort, workerData } from 'node:worker_threads'
import { Queue as BullQueue, Job } from 'bullmq'
import { connectRedis } from '../../connection.ts'
import { queuePrefix } from '../../keys.ts'
import type { FromThread, LeaseThreadOptions, ToThread } from './messages.ts'
import { createRenewals } from './renewals.ts'

// The entry of the thread that renews a worker's locks, which lease-keeper.ts starts.
const { url, name, queue, leaseMs, blockedMs, signs } = workerData as LeaseThreadOptions
const tell = (message: FromThread) => parentPort?.postMessage(message)
/** Without what hangs on an error of Redis: the command, whose arguments no log shows. */
const onError = (error: unknown) => tell({ kind: 'error', error: new Error(String(error)) })

const redis = await connectRedis({ url, name, patience: 'impatient', onError })
const runs = new BullQueue(queue, { connection: redis, prefix: queuePrefix, skipMetasUpdate: true })
runs.on('error', () => {}) // The connection's own listener reports it.
const renewals = createRenewals({
  leaseMs,
  blockedMs,
  now: () => performance.now(),
  signOfLife: () => Atomics.load(signs, 0),
  extend: async ({ jobId, token }) => (await new Job(runs, 'run', {}, {}, jobId).extendLock(token, leaseMs)) === 1,
  onLost: (hold) => tell({ kind: 'lost', hold }),
  onError,
})
parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'hold') renewals.hold(message.hold, message.lock)
  else renewals.release(message.hold)
})
setInterval(renewals.beat, leaseMs / 4)
tell({ kind: 'ready' })
