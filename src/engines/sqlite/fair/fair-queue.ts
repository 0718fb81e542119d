import type { ProviderLimit, ProviderLimits } from '../../../dispatch/limits/provider-limits.ts'
import { type FairQueue, memberOf, type ShareOf, type Taken } from '../../../dispatch/schedule/fair-queue.ts'
import type { Job } from '../../../dispatch/schedule/queue.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Backlog } from '../../../kernel/news.ts'
import { createLines, type Standing } from './lines.ts'
import { createBuckets } from './pace.ts'

export interface EmbeddedFairQueueOptions {
  /** Jobs in hand at once of an account without a number of its own; 0: no limit. */
  readonly limit: number
  readonly shareOf: ShareOf
  readonly leaseMs: number
  readonly limits: readonly ProviderLimit[]
  readonly clock: () => number
}

/** What the embedded queue asks, without waiting for it. */
export interface EmbeddedFairQueue {
  readonly port: FairQueue & ProviderLimits
  /** False: the job is in its line or in hand already. */
  join(job: Job): boolean
  take(place: string, attempt?: number): Taken | null
  finish(place: string, attempt?: number): void
  /** Calls `listener` whenever somebody may have a turn who had none. */
  onTurn(listener: () => void): void
  backlog(): Omit<Backlog, 'due' | 'parked'>
}

interface Held {
  readonly standing: Standing
  readonly waitedMs: number
  leaseEnd: number
  attempt: number
  /** The provider whose request was counted when the job's turn came, and has not been made. */
  counted: string | null
}

/** An account's place in the order of turns. */
interface Seat {
  at: number
  /** Decides between seats of one time. */
  number: number
}

/** A turn of weight 1, in virtual time. */
const turn = 1000

/**
 * The same rules as the scripts of Redis (`redis/fair`), in this process: test/conformance/fair-queue compares the two. An account has
 * one seat here, whatever providers its jobs name; it counts where it has a job for one that can be asked.
 */
export function createEmbeddedFairQueue(options: EmbeddedFairQueueOptions): EmbeddedFairQueue {
  const { limit, shareOf, leaseMs, clock } = options
  const lines = createLines()
  const places = new Map<string, Held>()
  const running = new Map<AccountId, number>()
  const seats = new Map<string, Seat>()
  const nextTurns = new Map<AccountId, number>()
  const buckets = createBuckets(options.limits, clock)
  let virtualNow = 0
  let count = 0
  let listener = () => {}

  const nameOf = (job: Job) => `${job.key.account}/${memberOf(job)}`
  const hasRoom = (account: AccountId) => {
    const most = shareOf(account).limit ?? limit
    return most === 0 || (running.get(account) ?? 0) < most
  }
  const heldBy = (job: Job) => [...places.values()].find(({ standing }) => nameOf(standing.job) === nameOf(job))
  const taken = new Set<string>()
  const seat = (provider: string, account: AccountId) => {
    const name = `${provider}/${account}`
    if (seats.has(name) || !lines.accounts(provider).has(account) || !hasRoom(account)) return
    seats.set(name, { at: Math.max(virtualNow, nextTurns.get(account) ?? 0), number: ++count })
  }
  const seatEverywhere = (account: AccountId) => {
    for (const provider of lines.providers()) seat(provider, account)
  }
  const unseat = (account: AccountId) => {
    for (const provider of lines.providers()) seats.delete(`${provider}/${account}`)
  }
  /** The account whose turn it is, with its seat, among the providers that can be asked now. */
  const next = () => {
    const open = [...lines.providers()].filter((provider) => (buckets.get(provider)?.wait() ?? 0) <= 0)
    let best: { readonly account: AccountId; readonly seat: Seat } | null = null
    for (const provider of open) {
      for (const account of lines.accounts(provider)) {
        const own = seats.get(`${provider}/${account}`)
        if (own === undefined) continue
        const order = best === null ? -1 : own.at - best.seat.at || own.number - best.seat.number
        if (order < 0) best = { account, seat: own }
      }
    }
    return { best, open }
  }
  const letGo = (place: string, { standing, counted }: Held) => {
    const { job } = standing
    places.delete(place)
    taken.delete(nameOf(job))
    const left = (running.get(job.key.account) ?? 1) - 1
    if (left === 0) running.delete(job.key.account)
    else running.set(job.key.account, left)
    if (counted !== null) buckets.get(counted)?.spend(-1, 0)
  }

  const join = (job: Job): boolean => {
    if (lines.has(job) || taken.has(nameOf(job))) return false
    const { provider = '', priority = 0, since = clock() } = job
    lines.add({ job, provider, priority, since, number: ++count, joinedAt: clock() })
    seat(provider, job.key.account)
    listener()
    return true
  }
  const take = (place: string, attempt = 1): Taken | null => {
    const before = places.get(place)
    if (before !== undefined) {
      if (before.attempt > attempt) return null
      before.attempt = attempt
      before.leaseEnd = clock() + leaseMs
      return { job: bare(before.standing.job), waitedMs: before.waitedMs }
    }
    let { best, open } = next()
    // The limit of an account may have become lower since it took its seat.
    while (best !== null && !hasRoom(best.account)) {
      unseat(best.account)
      ;({ best, open } = next())
    }
    const standing = best === null ? undefined : lines.first(best.account, open)
    if (best === null || standing === undefined) return null
    const { job, provider, joinedAt } = standing
    const { account } = job.key
    lines.remove(standing)
    const waitedMs = Math.max(0, clock() - joinedAt)
    const bucket = buckets.get(provider)
    bucket?.spend(1, 0)
    const counted = bucket === undefined ? null : provider
    places.set(place, { standing, waitedMs, leaseEnd: clock() + leaseMs, attempt, counted })
    taken.add(nameOf(job))
    running.set(account, (running.get(account) ?? 0) + 1)
    // A seat that its provider's limits have held up for long gives one turn, not all that it has missed.
    virtualNow = Math.max(virtualNow, best.seat.at)
    nextTurns.set(account, virtualNow + Math.floor(turn / shareOf(account).weight))
    unseat(account)
    seatEverywhere(account)
    for (const [each, at] of nextTurns) if (at <= virtualNow) nextTurns.delete(each)
    return { job: bare(job), waitedMs }
  }
  const finish = (place: string, attempt = 1) => {
    const held = places.get(place)
    if (held === undefined || held.attempt > attempt) return
    letGo(place, held)
    seatEverywhere(held.standing.job.key.account)
    listener()
  }

  return {
    join,
    take,
    finish,
    onTurn(call) {
      listener = call
    },
    backlog() {
      const waitingForLimits: Record<string, number> = {}
      let first = Number.POSITIVE_INFINITY
      for (const { provider, joinedAt } of lines.all()) {
        first = Math.min(first, joinedAt)
        if ((buckets.get(provider)?.wait() ?? 0) > 0) waitingForLimits[provider] = (waitingForLimits[provider] ?? 0) + 1
      }
      const oldestMs = lines.size === 0 ? null : Math.max(0, clock() - first)
      return { waiting: lines.size, running: places.size, oldestMs, waitingForLimits }
    },
    port: {
      take: async (place, attempt) => take(place, attempt),
      async renew(place, attempt = 1) {
        const held = places.get(place)
        if (held === undefined || held.attempt > attempt) return false
        held.leaseEnd = clock() + leaseMs
        return true
      },
      finish: async (place, attempt) => finish(place, attempt),
      async sweep() {
        for (const [place, held] of places) {
          if (held.leaseEnd > clock()) continue
          letGo(place, held)
          lines.add(held.standing)
        }
        for (const provider of lines.providers())
          for (const account of lines.accounts(provider)) seat(provider, account)
        listener()
      },
      async enter({ provider, job, tokens, patienceMs }) {
        const bucket = buckets.get(provider)
        if (bucket === undefined) return 0
        const held = heldBy(job)
        if (held?.counted === provider) {
          held.counted = null
          bucket.spend(0, tokens)
          return 0
        }
        const waitMs = bucket.wait()
        if (waitMs <= patienceMs) bucket.spend(1, tokens)
        return Math.ceil(waitMs)
      },
      async correct(provider, more) {
        buckets.get(provider)?.spend(0, more)
      },
    },
  }
}

/** What a worker is given. */
function bare({ key, wake, traceparent }: Job): Job {
  return { key, wake, ...(traceparent !== undefined && { traceparent }) }
}
