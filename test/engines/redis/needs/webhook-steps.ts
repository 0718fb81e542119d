import type { Redis } from 'ioredis'
import { createRedisRunStore } from '../../../../src/engines/redis/run/run-store.ts'
import { createRedisDeliveries } from '../../../../src/engines/redis/webhook/deliveries.ts'
import { createRedisWebhookStore } from '../../../../src/engines/redis/webhook/webhook-store.ts'
import type { Delivery } from '../../../../src/webhooks/delivery.ts'
import { newKey, newRun } from '../../../support/run/runs.ts'
import { newWebhook } from '../../../support/run/webhooks.ts'
import type { AddStep } from './script-steps.ts'

/** The scripts of webhooks that write, and those of runs where somebody is told. */
export function webhookSteps(redis: Redis, step: AddStep): void {
  const run = newKey()
  const { account } = run
  const webhook = newWebhook()
  const key = { account, webhook: webhook.id }
  const store = createRedisWebhookStore(redis, 1e9)
  const deliveries = createRedisDeliveries(redis)
  const limits = { log: { maxEntries: 100, maxBytes: 10_000 }, accountBytes: 1e9 }
  const runs = createRedisRunStore(redis, { logSeconds: 60, recordSeconds: 120 }, limits)
  const tag = 'tag-of-the-ending'
  const create = () => store.create(account, webhook)
  const cancel = () => runs.cancel(run, { cancellation: { reason: null }, isForced: false, tag: 'ending' })
  const queued = async () => {
    await create()
    await runs.create(run, newRun({ tag }))
  }
  const told = async () => {
    await queued()
    await cancel()
  }
  const delivery = { ...key, channel: run.channel, notice: 'ending' }
  const take = () => deliveries.take(key, { now: 4_000_000_000_000, limit: 5, leaseMs: 1000 })

  step('create a webhook', false, async () => {}, create)
  step('change a webhook', false, create, () => store.replace(account, webhook, { ...webhook, isEnabled: false }))
  step('remove a webhook', false, told, () => store.remove(key))
  step('create a run that is told', true, create, () => runs.create(run, newRun({ tag })))
  step('tell an ending', true, queued, cancel)
  step('remove a run that was told', true, told, () => runs.remove(run))
  step('take a delivery', false, told, take)
  step('give a delivery back', false, told, () => deliveries.release(delivery, 5))
  step('forget a delivery', false, told, () => deliveries.forget(delivery))
  step('settle a delivery', false, told, async () => {
    const loaded = await deliveries.load(delivery)
    if (loaded === null) throw new Error('There is a delivery.')
    const after: Delivery = { ...loaded.delivery, attempts: 1, nextAt: 4_000_000_000_000 }
    await deliveries.settle(delivery, loaded.delivery, after)
  })
}
