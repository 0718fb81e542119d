import { Webhook as Verifier } from 'standardwebhooks'
import { beforeEach, expect, test } from 'vitest'
import type { PostRequest } from '../../src/webhooks/deliverer.ts'
import { type AttemptOutcome, judgeAnswer } from '../../src/webhooks/retries.ts'
import { answering, noting, openDeliveryPlace, type Post, account as webhookAccount } from './delivery-place.ts'

let place: ReturnType<typeof openDeliveryPlace>
beforeEach(() => {
  place = openDeliveryPlace()
})

const seconds = 1000
const minutes = 60 * seconds
const hours = 60 * minutes

test('a delivery is a POST that the package of Standard Webhooks verifies, with what happened', async () => {
  const { webhook, signingSecret } = await place.addWebhook()
  const sent: PostRequest[] = []
  const { channel } = await place.complete('Hello')
  await place.start(noting(sent, judgeAnswer(204, null))).once()
  expect(sent).toHaveLength(1)
  const { url, headers, body } = sent[0] as PostRequest
  expect(url).toBe('https://example.com/hook')
  expect(headers['webhook-id']).toMatch(new RegExp(`^${channel}~[A-Za-z0-9]+~${webhook.id}$`))
  expect(headers['webhook-timestamp']).toBe(String(place.now / 1000))
  // The package compares with its own clock, so it is asked to sign the same and the signatures are compared.
  const expected = new Verifier(signingSecret).sign(headers['webhook-id'] ?? '', new Date(place.now), body)
  expect(headers['webhook-signature']).toBe(expected)
  expect(JSON.parse(body)).toEqual({
    type: 'dispatch.completed',
    timestamp: '2026-11-30T12:00:00.000Z',
    data: {
      channelId: channel,
      ...{ conversationId: null, meta: null, status: 'COMPLETED', error: null, pendingCalls: [], isCut: false },
      reachedLimit: null,
      result: { text: 'Hello', finishReason: 'STOP' },
      usage: expect.objectContaining({ inputTokens: 0, outputTokens: 0 }),
    },
  })
  expect(await place.list(webhook)).toEqual([
    expect.objectContaining({ status: 'delivered', attempts: 1, lastStatusCode: 204, nextAt: null }),
  ])
  expect(place.outcomes).toEqual(['delivered'])
})

test('a long result is cut, and says so', async () => {
  await place.addWebhook()
  const sent: PostRequest[] = []
  await place.complete('x'.repeat(70_000))
  await place.start(noting(sent)).once()
  const { data } = JSON.parse(sent[0]?.body ?? '') as { data: { result: { text: string }; isCut: boolean } }
  expect([data.result.text.length, data.isCut]).toEqual([65_536, true])
})

test('ten attempts, with the pauses of the specification, then it has failed; asked for again, it is sent at once', async () => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  const at: number[] = []
  const start = place.now
  const status = 500
  const deliverer = place.start(async () => {
    at.push(place.now - start)
    return judgeAnswer(status, null)
  })
  const pauses = [
    5 * seconds,
    5 * minutes,
    30 * minutes,
    2 * hours,
    5 * hours,
    10 * hours,
    14 * hours,
    20 * hours,
    24 * hours,
  ]
  await deliverer.once()
  for (const pause of pauses) {
    place.pass(pause - 1)
    await deliverer.once()
    place.pass(1)
    await deliverer.once()
  }
  expect(at).toEqual([0, ...pauses.map((_, i) => pauses.slice(0, i + 1).reduce((sum, pause) => sum + pause))])
  place.pass(1000 * hours)
  await deliverer.once()
  expect(at).toHaveLength(10)
  const [failed] = await place.list(webhook)
  expect(failed).toMatchObject({
    ...{ status: 'failed', attempts: 10, lastStatusCode: 500, nextAt: null },
    lastError: 'The endpoint answered with status 500.',
  })
  expect(place.outcomes).toEqual([...Array.from({ length: 9 }, () => 'retried'), 'given-up'])
})

test('a delivery that is asked for again has the same id and a new row of pauses', async () => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  const seen: string[] = []
  let status = 410
  const deliverer = place.start(async ({ headers }) => {
    seen.push(headers['webhook-id'] ?? '')
    return judgeAnswer(status, null)
  })
  await deliverer.once()
  await place.webhooks.update(webhookAccount, webhook.id, { isEnabled: true })
  status = 500
  await place.webhooks.resend(webhookAccount, seen[0] ?? '')
  await deliverer.once()
  expect((await place.list(webhook))[0]).toMatchObject({ status: 'pending', attempts: 2, nextAt: place.now + 5000 })
  status = 200
  place.pass(5000)
  await deliverer.once()
  expect(new Set(seen).size).toBe(1)
  expect((await place.list(webhook))[0]).toMatchObject({ status: 'delivered', attempts: 3, lastError: null })
})

const refused: AttemptOutcome = {
  kind: 'failed',
  statusCode: null,
  error: 'The address is not public.',
  retryAfterMs: null,
}

test.each([
  ['a receiver that asks for a longer pause gets it', judgeAnswer(503, 60 * seconds), 60 * seconds],
  ['one that asks for a shorter pause does not', judgeAnswer(429, 1 * seconds), 5 * seconds],
  ['one that asks for a week gets a day', judgeAnswer(503, 168 * hours), 24 * hours],
  ['a redirect is not followed', judgeAnswer(302, null), 5 * seconds],
  ['nothing was sent, since the address is refused', refused, 5 * seconds],
])('%s', async (_title, outcome, pause) => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  await place.start(async () => outcome).once()
  const error = outcome.kind === 'failed' ? outcome.error : null
  expect((await place.list(webhook))[0]).toMatchObject({
    status: 'pending',
    lastError: error,
    nextAt: place.now + pause,
  })
})

test('an endpoint that hangs takes its own places only', async () => {
  const hanging = await place.addWebhook('https://hanging.example/')
  const good = await place.addWebhook('https://good.example/')
  const open = Promise.withResolvers<void>()
  const now = { hanging: 0, most: 0, good: 0 }
  const post: Post = async ({ url }) => {
    if (url.includes('good')) {
      now.good += 1
      return judgeAnswer(200, null)
    }
    now.hanging += 1
    now.most = Math.max(now.most, now.hanging)
    await open.promise
    now.hanging -= 1
    return judgeAnswer(200, null)
  }
  for (let i = 0; i < 20; i++) await place.complete()
  const whole = place.start(post).once()
  const isDone = async () => (await place.list(good.webhook)).every(({ status }) => status === 'delivered')
  while (!(await isDone())) await new Promise((resolve) => setImmediate(resolve))
  expect(now).toEqual({ hanging: 2, most: 2, good: 20 })
  open.resolve()
  await whole
  expect(now.most).toBe(2)
  expect((await place.list(hanging.webhook)).map(({ status }) => status)).toEqual(Array(20).fill('delivered'))
})

test('a process that dies in an attempt leaves it to another, which sends the same again when the lease is over', async () => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  const bodies: string[] = []
  const dead = Promise.withResolvers<AttemptOutcome>()
  const dying = place
    .start(async ({ body }) => {
      bodies.push(body)
      return dead.promise
    })
    .once()
  const other = place.start(async ({ body }) => {
    bodies.push(body)
    return judgeAnswer(200, null)
  })
  while (bodies.length === 0) await new Promise((resolve) => setImmediate(resolve))
  place.pass(29_999)
  await other.once()
  expect(bodies).toHaveLength(1)
  place.pass(1)
  await other.once()
  expect(bodies).toHaveLength(2)
  expect(bodies[0]).toBe(bodies[1])
  // It was not dead, but slow: what it says now changes nothing.
  dead.resolve(judgeAnswer(500, null))
  await dying
  expect(await place.list(webhook)).toEqual([expect.objectContaining({ status: 'delivered', attempts: 1 })])
})

test('a process that closes gives back what it has in hand, and no attempt is counted', async () => {
  const { webhook } = await place.addWebhook()
  await place.complete()
  const begun = Promise.withResolvers<void>()
  const deliverer = place.start((_request, signal) => {
    begun.resolve()
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const once = deliverer.once()
  await begun.promise
  await deliverer.close()
  await once
  expect(await place.list(webhook)).toEqual([expect.objectContaining({ status: 'pending', attempts: 0 })])
  await place.start(answering(200)).once()
  expect(await place.list(webhook)).toEqual([expect.objectContaining({ status: 'delivered', attempts: 1 })])
})
