import { setTimeout as sleep } from 'node:timers/promises'
import { type Job as BullJob, Queue as BullQueue, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { createWakeUp } from '../../../channel/wake-up.ts'
import { timings } from '../../../config/timings.ts'
import type { Consumer, Job, JobAbort, JobHandler, JobOutcome } from '../../../dispatch/schedule/queue.ts'
import { Failure, unavailable } from '../../../kernel/errors.ts'
import type { AccountId, ChannelId } from '../../../kernel/ids.ts'
import { redisFailure } from '../connection.ts'
import type { RedisFairQueue, Tokens } from '../fair/fair-queue.ts'
import { queuePrefix } from '../keys.ts'
import type { LeaseKeeper } from './leases/lease-keeper.ts'

export const queueName = 'runs'
/** How long closing waits for the runs in hand once they have been told to be handed back. Only while Redis is away do they take longer; then other workers take them over. */
const handBackTimeoutMs = 10_000
/** How long BullMQ may take to close once its jobs are settled. */
const closeTimeoutMs = 2000

/**
 * Empty: the job of BullMQ is a token, which gives a worker's place one turn, whosever it is by then. Earlier releases put the run's
 * own job into it.
 */
interface TokenData {
  readonly account?: string
  readonly channel?: string
  readonly wake?: number
  readonly traceparent?: string
}

export interface BullmqTokens extends Tokens {
  close(): Promise<void>
}

/** @param redis impatient, so that a mutation fails with UNAVAILABLE at once, instead of hanging, while Redis is away. */
export function createBullmqTokens(redis: Redis, token: () => string): BullmqTokens {
  const queue = new BullQueue<TokenData>(queueName, {
    connection: redis,
    prefix: queuePrefix,
    // Nobody reads BullMQ's event stream. Without a bound it would fill the memory of Redis.
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: {
      removeOnComplete: true,
      removeOnFail: true,
      attempts: 1_000_000,
      backoff: { type: 'fixed', delay: timings.jobRetryMs },
    },
  })
  queue.on('error', () => {}) // The connection's own listener reports it.
  const told = (error: unknown) => {
    const failure = redisFailure(error)
    throw failure instanceof Failure ? failure : unavailable('The queue cannot be reached.', { cause: error })
  }
  return {
    async add() {
      await queue.add('turn', {}, { jobId: `turn.${token()}` }).catch(told)
    },
    waiting: () => queue.getWaitingCount().catch(told),
    close: () => queue.close(),
  }
}

export interface BullmqConsumerOptions {
  /** Patient. BullMQ opens a second connection like it for blocking commands. */
  readonly redis: Redis
  readonly concurrency: number
  /** A worker that has been silent for this long counts as dead. Its jobs go to others at most two fifths of this later. */
  readonly leaseMs: number
  readonly leases: LeaseKeeper
  /** How long the jobs in hand may go on when the consumer closes. */
  readonly graceMs: number
  readonly handle: JobHandler
  readonly fair: Pick<RedisFairQueue, 'join' | 'take' | 'renew' | 'finish'>
  /** Told of each turn: how long its job stood in line. */
  readonly onTurn: (waitedMs: number) => void
  readonly onError: (error: unknown) => void
}

/**
 * BullMQ delivers tokens, holds their locks and finds workers that died; the fair queue says which job a token is for. A token that
 * comes again has the job it had.
 *
 * BullMQ's own lock renewal is off: it stops while the event loop is busy, and loses track of a job that comes again in the
 * same process. A thread renews the locks instead. A handler whose lock is lost is aborted with `lost`.
 */
export function createBullmqConsumer(options: BullmqConsumerOptions): Consumer {
  const { redis, concurrency, leaseMs, leases, graceMs, handle, fair, onError } = options
  const inHand = new Set<AbortController>()
  const settled = createWakeUp()
  let closed: Promise<unknown> | null = null

  // BullMQ passes the token only to functions with three parameters.
  const work = async (bullJob: BullJob<TokenData>, token: string | undefined, _signal?: AbortSignal): Promise<void> => {
    if (closed !== null) {
      // A fetch that was under way when closing began has brought it. It belongs to another worker.
      await bullJob.moveToWait(token)
      throw new WaitingError()
    }
    const abort = new AbortController()
    inHand.add(abort)
    const lock = { jobId: bullJob.id ?? '', token: token ?? '' }
    const release = leases.hold(lock, {
      extend: () => bullJob.extendLock(lock.token, leaseMs),
      onLost: () => abort.abort('lost' satisfies JobAbort),
    })
    try {
      const outcome = await takeTurn(bullJob, abort)
      if (outcome === 'done') return
      // Any free worker tries it again, but only while the lock is still ours: BullMQ refuses it otherwise.
      if (outcome === 'dropped') throw new Error('The run was lost to this worker.')
    } finally {
      release()
      inHand.delete(abort)
      settled.wake()
    }
    await bullJob.moveToWait(token)
    throw new WaitingError()
  }

  const takeTurn = async (bullJob: BullJob<TokenData>, abort: AbortController): Promise<JobOutcome> => {
    const { id: place = '', attemptsStarted } = bullJob
    const earlier = jobOfEarlierRelease(bullJob.data)
    if (earlier !== null) await fair.join(earlier)
    const taken = await fair.take(place, attemptsStarted)
    if (taken === null) return 'done'
    options.onTurn(taken.waitedMs)
    const renew = () =>
      fair.renew(place, attemptsStarted).then((isHeld) => {
        if (!isHeld) abort.abort('lost' satisfies JobAbort)
      }, onError)
    const timer = setInterval(renew, leaseMs)
    try {
      const outcome = await handle(taken.job, abort.signal)
      // A lost job may have come again at another worker, which holds the place by now, also where that shows only later.
      if (outcome === 'done' && !abort.signal.aborted) await fair.finish(place, attemptsStarted)
      return outcome
    } finally {
      clearInterval(timer)
    }
  }

  const worker = new Worker<TokenData>(queueName, work, {
    connection: redis,
    prefix: queuePrefix,
    concurrency,
    lockDuration: leaseMs,
    // BullMQ skips a check that comes less than one interval after the last. Timers often fire a millisecond early, so a
    // check may take two intervals. With half a lease here, a take-over took up to two leases (bench/recovery).
    stalledInterval: leaseMs / 5,
    maxStalledCount: 1_000_000_000,
    skipLockRenewal: true,
    runRetryDelay: timings.jobRetryMs,
  })
  worker.on('error', onError)

  const allSettled = async (withinMs: number) => {
    const timeUp = AbortSignal.timeout(withinMs)
    while (inHand.size > 0 && !timeUp.aborted) await settled.next(timeUp)
  }
  // BullMQ stops fetching at once, and closes its connections when the jobs in hand are settled. (Its `pause` would still
  // take what a fetch under way brings.)
  const drain = () => {
    closed ??= worker.close().catch(onError)
    return closed
  }
  const closeAll = async () => {
    // First of all, so that jobs that are handed back go to another worker and not to this one.
    const drained = drain()
    await allSettled(graceMs)
    for (const abort of inHand) abort.abort('closing' satisfies JobAbort)
    await allSettled(handBackTimeoutMs)
    // Every job in hand is settled now. BullMQ's own close can wait forever for a blocking connection that was cut
    // while it closed (found by test/faults). A take-over does whatever is left to do.
    const timeout = new AbortController()
    await Promise.race([drained, sleep(closeTimeoutMs, undefined, { signal: timeout.signal }).catch(() => {})])
    timeout.abort()
    await leases.close()
  }
  let closing: Promise<void> | null = null
  return {
    drain: () => void drain(),
    close() {
      closing ??= closeAll()
      return closing
    },
  }
}

function jobOfEarlierRelease({ account, channel, wake, traceparent }: TokenData): Job | null {
  if (account === undefined || channel === undefined || wake === undefined) return null
  // That release's queue added it, so these are ids.
  const key = { account: account as AccountId, channel: channel as ChannelId }
  return { key, wake, ...(traceparent === undefined ? {} : { traceparent }) }
}
