import { Webhook as Verifier } from 'standardwebhooks'
import { beforeEach, expect, test } from 'vitest'
import type { PostRequest } from '../../src/webhooks/deliverer.ts'
import { judgeAnswer } from '../../src/webhooks/retries.ts'
import { answering, noting, openDeliveryPlace, type Post, account as webhookAccount } from './delivery-place.ts'

let place: ReturnType<typeof openDeliveryPlace>
beforeEach(() => {
  place = openDeliveryPlace()
})

const hours = 3_600_000

test('after a rotation both secrets sign, the new one first, for 24 hours', async () => {
  const { webhook, signingSecret: first } = await place.addWebhook()
  const { signingSecret: second } = await place.webhooks.rotate(webhookAccount, webhook.id)
  const sent: PostRequest[] = []
  const deliverer = place.start(noting(sent))
  const signaturesOf = (secrets: readonly string[]) => {
    const { headers, body } = sent.at(-1) as PostRequest
    const at = new Date(place.now)
    return secrets.map((secret) => new Verifier(secret).sign(headers['webhook-id'] ?? '', at, body)).join(' ')
  }
  place.pass(24 * hours - 1000)
  await place.complete()
  await deliverer.once()
  expect(sent.at(-1)?.headers['webhook-signature']).toBe(signaturesOf([second, first]))
  place.pass(1000)
  await place.complete()
  await deliverer.once()
  expect(sent.at(-1)?.headers['webhook-signature']).toBe(signaturesOf([second]))
})

test('410 switches the webhook off: what is pending fails, and nothing more is kept for it', async () => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  const deliverer = place.start(answering(500, 410))
  await deliverer.once()
  await place.complete()
  await deliverer.once()
  expect(await place.webhooks.find(webhookAccount, webhook.id)).toMatchObject({ isEnabled: false })
  place.pass(5000)
  await deliverer.once()
  await place.complete()
  const states = (await place.list(webhook)).map(({ status, lastError }) => [status, lastError])
  expect(states).toEqual([
    ['failed', 'The endpoint is gone: it answered with status 410.'],
    ['failed', 'The webhook is switched off.'],
  ])
})

test('a webhook that was changed meanwhile is not switched off by what its earlier URL said', async () => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  const post: Post = async () => {
    await place.webhooks.update(webhookAccount, webhook.id, { url: 'https://other.example/' })
    return judgeAnswer(410, null)
  }
  await place.start(post).once()
  expect(await place.webhooks.find(webhookAccount, webhook.id)).toMatchObject({ isEnabled: true })
})

test('a secret that cannot be opened is a failed attempt, and is told to the operator', async () => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  const openSecret = () => {
    throw new Error('no key')
  }
  await place.start(answering(200), { openSecret }).once()
  const lastError = 'The signing secret cannot be opened: the server has no key for it.'
  expect((await place.list(webhook))[0]).toMatchObject({ status: 'pending', attempts: 1, lastError })
  expect(place.errors).toEqual([new Error('no key')])
})

test('a deleted webhook is told nothing of what was pending; kept deliveries go after five days', async () => {
  const { webhook } = await place.addWebhook()
  const kept = await place.addWebhook()
  await place.complete()
  await place.webhooks.remove(webhookAccount, webhook.id)
  const urls: string[] = []
  await place
    .start(async ({ key }) => {
      urls.push(key.webhook)
      return judgeAnswer(200, null)
    })
    .once()
  expect(urls).toEqual([kept.webhook.id])
  place.pass(5 * 24 * hours - 1)
  place.expire()
  expect(await place.list(kept.webhook)).toHaveLength(1)
  place.pass(1)
  place.expire()
  expect(await place.list(kept.webhook)).toEqual([])
})

test('deliveries are filtered by status, page by page', async () => {
  const { webhook } = await place.addWebhook()
  for (let i = 0; i < 6; i++) {
    await place.complete()
    await place.start(answering(i % 2 === 0 ? 200 : 500)).once()
    place.pass(10)
  }
  const page = (before: never, statuses: readonly ('delivered' | 'pending')[]) =>
    place.webhooks.deliveries({ account: webhookAccount, webhook: webhook.id }, { before, limit: 2, statuses })
  const first = await page(null as never, ['delivered'])
  expect(first.items.map(({ delivery }) => delivery.status)).toEqual(['delivered', 'delivered'])
  expect(first.hasMore).toBe(true)
  const last = first.items.at(-1)
  const rest = await page({ key: last?.key, createdAt: last?.delivery.createdAt } as never, ['delivered'])
  expect([rest.items.length, rest.hasMore]).toEqual([1, false])
})
