import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import {
  type Pace,
  type ProviderLimit,
  type ProviderLimits,
  paceOfRequests,
  paceOfTokens,
} from '../../../dispatch/limits/provider-limits.ts'
import { type FairQueue, memberOf, type ShareOf, type Taken } from '../../../dispatch/schedule/fair-queue.ts'
import type { Job } from '../../../dispatch/schedule/queue.ts'
import type { AccountId, ChannelId } from '../../../kernel/ids.ts'
import type { Backlog } from '../../../kernel/news.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { fairKey } from '../keys.ts'

export interface RedisFairQueueOptions {
  /** Jobs in hand at once of an account without a number of its own; 0: no limit. */
  limit(): Promise<number>
  readonly shareOf: ShareOf
  /** Longer than it takes to judge a worker dead, so that a take-over finds the place's job. */
  readonly leaseMs: number
  readonly limits: readonly ProviderLimit[]
  /** In so many ms one process sweeps, for all. */
  readonly sweepMs: number
  readonly tokens: Tokens
  /** Told of a token that could not be added: the next sweep adds one. */
  readonly onError: (error: unknown) => void
}

/** The jobs of BullMQ. Each gives a place one turn, whosever it is by then. */
export interface Tokens {
  add(): Promise<void>
  /** Those that no worker has taken. */
  waiting(): Promise<number>
}

export interface RedisFairQueue extends FairQueue, ProviderLimits {
  /** Does nothing for a job that is in its line, or in hand. */
  join(job: Job): Promise<void>
  backlog(): Promise<Omit<Backlog, 'due' | 'parked'>>
}

/** All keys are in the cluster slot of BullMQ's: what one of the two has lost, the other has lost, too. Uses the clock of Redis. */
export function createRedisFairQueue(redis: Redis, options: RedisFairQueueOptions): RedisFairQueue {
  const { limit, shareOf, leaseMs, tokens } = options
  const limits = options.limits.flatMap(({ provider, bucket, requestsPerMinute, tokensPerMinute }) => {
    const numbers = ({ eachMs, burstMs }: Pace) => [eachMs, burstMs]
    return [provider, bucket, ...numbers(paceOfRequests(requestsPerMinute)), ...numbers(paceOfTokens(tokensPerMinute))]
  })
  const functions = readFileSync(new URL('./fair.lua', import.meta.url), 'utf8')
  const script = (name: string) => {
    const body = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
    const run = defineScript(redis, `backchannel-fair-${name}`, `${functions}\n${body}`)
    return (...args: readonly (string | number)[]) => run([fairKey], args).catch(rethrowRedis)
  }
  const join = script('join')
  const take = script('take')
  const renew = script('renew')
  const finish = script('finish')
  const sweep = script('sweep')
  const enter = script('enter')
  const correct = script('correct')
  const backlog = script('backlog')
  const addIf = async (isNeeded: unknown) => {
    if (isNeeded === 1) await tokens.add().catch(options.onError)
  }

  return {
    async join(job) {
      const { key, provider = '', since = '', priority = 0, traceparent = '' } = job
      const { limit: own, weight } = shareOf(key.account)
      const args = [key.account, memberOf(job), provider, since, priority, `${own ?? ''} ${weight}`, traceparent]
      await addIf(await join(...args, await limit()))
    },

    async take(place, attempt = 1) {
      const reply = (await take(place, attempt, leaseMs, await limit(), ...limits)) as TakeReply
      const [isNeeded, name, traceparent, waited] = reply
      await addIf(isNeeded)
      return name === undefined ? null : taken(name, traceparent ?? '', Number(waited))
    },

    async renew(place, attempt = 1) {
      return (await renew(place, attempt, leaseMs)) === 1
    },

    async finish(place, attempt = 1) {
      await addIf(await finish(place, attempt, await limit(), ...limits))
    },

    async sweep() {
      await addIf(await sweep(await tokens.waiting(), await limit(), options.sweepMs, ...limits))
    },

    async enter({ provider, job, tokens: estimate, patienceMs }) {
      const name = `${job.key.account}/${memberOf(job)}`
      return Number(await enter(provider, name, estimate, patienceMs, ...limits))
    },

    async correct(provider, more) {
      await correct(provider, more, ...limits)
    },

    async backlog() {
      const [waiting, running, oldest, ...rest] = (await backlog(...limits)) as [
        number,
        number,
        string,
        ...(string | number)[],
      ]
      const held = Array.from(
        { length: rest.length / 2 },
        (_, n) => [String(rest[2 * n]), Number(rest[2 * n + 1])] as const,
      )
      return {
        waiting,
        running,
        oldestMs: oldest === '' ? null : Number(oldest),
        waitingForLimits: Object.fromEntries(held),
      }
    },
  }
}

type TakeReply = [isNeeded: number, name?: string, traceparent?: string, waited?: string]

function taken(name: string, traceparent: string, waitedMs: number): Taken {
  const [slash, colon] = [name.indexOf('/'), name.lastIndexOf(':')]
  // Written by `join`.
  const key = { account: name.slice(0, slash) as AccountId, channel: name.slice(slash + 1, colon) as ChannelId }
  const wake = Number(name.slice(colon + 1))
  return { job: { key, wake, ...(traceparent !== '' && { traceparent }) }, waitedMs }
}
