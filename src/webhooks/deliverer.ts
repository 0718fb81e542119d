import type { ChannelKey } from '../kernel/ids.ts'
import { repeat } from '../kernel/repeat.ts'
import { channelOf, type Deliveries, type DeliveryKey, deliveryId } from './delivery.ts'
import { deliveryBody, type Outcome } from './payload.ts'
import { type AttemptOutcome, afterAttempt, notSent } from './retries.ts'
import { signatureHeaders } from './signature.ts'
import type { Webhook, WebhookKey, WebhookStore } from './webhook.ts'

export interface PostRequest {
  readonly key: DeliveryKey
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface DelivererDeps {
  readonly deliveries: Deliveries
  readonly webhooks: Pick<WebhookStore, 'find' | 'replace'>
  /** How the run ended, as its record says; null: the record is gone. */
  readonly outcomeOf: (key: ChannelKey) => Promise<Outcome | null>
  /** Throws if the vault has no key for it. */
  readonly openSecret: (key: WebhookKey, sealed: string) => string
  /** One attempt, with a time limit. Throws only the reason of the signal. */
  readonly post: (request: PostRequest, signal: AbortSignal) => Promise<AttemptOutcome>
  readonly tell: (news: { readonly type: 'webhook-attempted'; readonly outcome: AttemptResult }) => void
  readonly clock: () => number
  readonly onError: (error: unknown) => void
  readonly timings: DelivererTimings
  readonly bounds: DelivererBounds
}

/** `retried`: it failed, and is sent again later. `given-up`: it failed for good. */
export type AttemptResult = 'delivered' | 'retried' | 'given-up'

export interface DelivererTimings {
  readonly intervalMs: number
  /** A process that has taken a delivery and is silent for this long has died: others may have it. Longer than an attempt. */
  readonly leaseMs: number
  /** Attempts in hand are waited for this long at the close, and then given back. */
  readonly graceMs: number
}

export interface DelivererBounds {
  /** Attempts at once in this process. */
  readonly attempts: number
  /** Of these, to one endpoint: one that hangs leaves the places of all others alone. */
  readonly perWebhook: number
  /** Endpoints that are looked at in one round. More than `attempts`, so that no number of full ones hides the others. */
  readonly batch: number
}

export interface Deliverer {
  /** Looks once, and waits until everything that it has taken is settled. For tests. */
  once(): Promise<void>
  close(): Promise<void>
}

/** Sends what endpoints are to be told. Delivery is at least once: a process that dies in the middle of an attempt leaves it to others. */
export function startDeliverer(deps: DelivererDeps): Deliverer {
  const { deliveries, webhooks, clock, timings, bounds } = deps
  const closing = new AbortController()
  let isClosing = false
  let total = 0
  const inHand = new Map<string, number>()
  const sending = new Set<Promise<void>>()

  const count = (name: string, change: number) => {
    total += change
    const now = (inHand.get(name) ?? 0) + change
    if (now === 0) inHand.delete(name)
    else inHand.set(name, now)
  }
  /** Takes as much of an endpoint as there are places, and again when a place is free, as long as there was more. */
  const fill = async (key: WebhookKey): Promise<void> => {
    const name = `${key.account}/${key.webhook}`
    const free = Math.min(bounds.perWebhook - (inHand.get(name) ?? 0), bounds.attempts - total)
    if (free <= 0 || isClosing) return
    count(name, free)
    let taken: readonly DeliveryKey[] = []
    try {
      taken = await deliveries.take(key, { now: clock(), limit: free, leaseMs: timings.leaseMs })
    } finally {
      count(name, taken.length - free)
    }
    const isMore = taken.length === free
    for (const each of taken) {
      const sent = send(each)
        .catch(deps.onError)
        .finally(() => count(name, -1))
        .then(() => (isMore ? fill(key) : undefined))
        .catch(deps.onError)
        .finally(() => sending.delete(sent))
      sending.add(sent)
    }
  }

  const send = async (key: DeliveryKey): Promise<void> => {
    const [loaded, webhook] = await Promise.all([deliveries.load(key), webhooks.find(key)])
    if (loaded === null || webhook === null) return deliveries.forget(key)
    const { delivery, notice } = loaded
    // Its last attempt was settled by a process that was thought to be dead.
    if (delivery.nextAt === null) return void (await deliveries.settle(key, delivery, delivery))
    if (!webhook.isEnabled) {
      await deliveries.settle(key, delivery, notSent(delivery, 'The webhook is switched off.'))
      return
    }
    const record = notice.isApart ? await deps.outcomeOf(channelOf(key)) : null
    const outcome = await attempt(key, webhook, deliveryBody(key, notice, record))
    if (outcome === null) return deliveries.release(key, clock())
    const after = afterAttempt(delivery, outcome, clock())
    await deliveries.settle(key, delivery, after)
    if (outcome.kind === 'gone') await switchOff(key, webhook)
    const result = after.status === 'pending' ? 'retried' : 'given-up'
    deps.tell({ type: 'webhook-attempted', outcome: after.status === 'delivered' ? 'delivered' : result })
  }
  /** Null: this process closes. */
  const attempt = async (key: DeliveryKey, webhook: Webhook, body: string): Promise<AttemptOutcome | null> => {
    const secrets = secretsOf(key, webhook)
    if (secrets === null) {
      const error = 'The signing secret cannot be opened: the server has no key for it.'
      return { kind: 'failed', statusCode: null, error, retryAfterMs: null }
    }
    const signed = signatureHeaders({ id: deliveryId(key), timestamp: Math.floor(clock() / 1000), body }, secrets)
    const headers = { 'content-type': 'application/json', 'user-agent': 'backchannel', ...signed }
    try {
      return await deps.post({ key, url: webhook.url, headers, body }, closing.signal)
    } catch (error) {
      if (closing.signal.aborted) return null
      throw error
    }
  }
  const secretsOf = (key: DeliveryKey, { sealed, previous }: Webhook): readonly string[] | null => {
    const all = previous !== null && previous.until > clock() ? [sealed, previous.sealed] : [sealed]
    try {
      return all.map((each) => deps.openSecret(key, each))
    } catch (error) {
      deps.onError(error)
      return null
    }
  }
  /** Only as long as it is the endpoint that has said so. */
  const switchOff = async (key: WebhookKey, webhook: Webhook): Promise<void> => {
    for (let now: Webhook | null = webhook; now?.url === webhook.url && now.isEnabled; now = await webhooks.find(key)) {
      if (await webhooks.replace(key.account, now, { ...now, isEnabled: false, updatedAt: clock() })) return
    }
  }

  const round = async () => {
    const endpoints = await deliveries.due(clock(), bounds.batch)
    await Promise.all(endpoints.map(fill))
  }
  const idle = async () => {
    while (sending.size > 0) await Promise.all(sending)
  }
  const end = repeat(round, { intervalMs: timings.intervalMs, onError: deps.onError })

  return {
    async once() {
      await round()
      await idle()
    },
    async close() {
      isClosing = true
      await end()
      const timer = setTimeout(() => closing.abort(), timings.graceMs)
      await idle()
      clearTimeout(timer)
    },
  }
}
