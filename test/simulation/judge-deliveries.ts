import { endedStatus, isEnded } from '../../src/conversation/run-status.ts'
import { localAccount, type ResourceId } from '../../src/kernel/ids.ts'
import { deliveryId, type ListedDelivery } from '../../src/webhooks/delivery.ts'
import { type Webhook, webhookEvents } from '../../src/webhooks/webhook.ts'
import type { SimulatedStore } from './store.ts'
import type { World } from './world.ts'

/** Hears everything, from before the first dispatch on. */
const listener: Webhook = {
  ...{ id: 'webhook_Simulated0000000000000' as ResourceId, url: 'https://example.com/', events: webhookEvents },
  ...{ description: null, isEnabled: true, sealed: '', previous: null, createdAt: 0, updatedAt: 0 },
}
const key = { account: localAccount, webhook: listener.id }

export async function listen({ webhooks }: Pick<SimulatedStore, 'webhooks'>): Promise<void> {
  await webhooks.create(localAccount, listener)
}

/** Each run's ending is to be told, once, as what it is; each wait with the calls that are waited for, each pause once; and all of it is in the line to be sent. */
export async function judgeDeliveries({ store, runs, count }: World): Promise<string[]> {
  const items: ListedDelivery[] = []
  for (let before = null; ; ) {
    const page = await store.deliveries.page(key, before, 100)
    items.push(...page.items)
    if (page.next === null) break
    before = page.next
  }
  const wrong: string[] = []
  const found = await store.runs.find(runs)
  for (const [index, { channel }] of runs.entries()) {
    const run = found[index] ?? null
    const told = items.filter((item) => item.key.channel === channel).map(({ delivery }) => delivery.event)
    const ending = told.filter((event) => Object.values(endedStatus).some((status) => status === event))
    const expected = run !== null && isEnded(run.status) ? [run.status] : []
    if (JSON.stringify(ending) !== JSON.stringify(expected)) {
      wrong.push(`${channel} has ended as ${expected}, and its webhook is told ${ending.join(', ') || 'nothing'}`)
    }
    for (const event of told) count(`told ${event}`)
  }
  const sent = await store.deliveries.take(key, { now: 4_000_000_000_000_000, limit: 10_000, leaseMs: 1 })
  const [line, list] = [sent.map(deliveryId), items.map((item) => deliveryId(item.key))].map((ids) =>
    ids.toSorted().join(),
  )
  if (line !== list) wrong.push('what is to be told is not what is in the line to be sent')
  for (const key of runs) {
    const pauses = (await store.entries(key)).filter(({ kind }) => kind === 'dispatch-paused').map(({ tag }) => tag)
    const waits = items.filter((item) => item.key.channel === key.channel && item.delivery.event === 'waiting')
    for (const each of waits.filter((wait) => !pauses.includes(wait.key.notice))) {
      const loaded = await store.deliveries.load(each.key)
      if ((loaded?.notice.pendingCalls.length ?? 0) === 0) wrong.push(`${key.channel} waits for no call, it says`)
    }
    const told = waits.map((wait) => wait.key.notice)
    const untold = pauses.filter((tag) => told.filter((each) => each === tag).length !== 1)
    if (untold.length > 0) wrong.push(`${key.channel} has paused, and its webhook is told ${told}`)
  }
  return wrong
}
