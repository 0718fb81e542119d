import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { noUsage } from '../../src/conversation/usage.ts'
import type { PendingCall } from '../../src/dispatch/pending-call.ts'
import type { NewRun } from '../../src/dispatch/run-store.ts'
import type { AccountId, ChannelKey, ConversationId } from '../../src/kernel/ids.ts'
import type { Delivery, DeliveryKey, Notice } from '../../src/webhooks/delivery.ts'
import { type Webhook, webhookBounds } from '../../src/webhooks/webhook.ts'
import { takePlace } from '../support/run/line-work.ts'
import { ids, newRun, startRun } from '../support/run/runs.ts'
import { newWebhook } from '../support/run/webhooks.ts'
import { type Engine, engines } from './engines.ts'

const later = 4_000_000_000_000
const all = { now: later, limit: 100, leaseMs: 1000 }

describe.each(engines)('what webhooks are told on %s', (_name, open) => {
  let engine: Engine
  let account: AccountId
  let key: ChannelKey
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    account = `account-${ids.nonce()}` as AccountId
    key = { account, channel: ids.channelId() }
  })

  const addWebhook = async (over: Partial<Webhook> = {}, of = account) => {
    const webhook = newWebhook(over)
    expect(await engine.webhooks.create(of, webhook)).toBe('created')
    return { account: of, webhook: webhook.id, whole: webhook }
  }
  const told = async (endpoint: Awaited<ReturnType<typeof addWebhook>>) => {
    const keys = await engine.deliveries.take(endpoint, all)
    return Promise.all(keys.map(async (each) => ({ key: each, ...(await engine.deliveries.load(each)) })))
  }
  /** What the only delivery says. */
  const onlyNotice = async (endpoint: Awaited<ReturnType<typeof addWebhook>>): Promise<Notice> => {
    const [first, ...rest] = await told(endpoint)
    expect(rest).toEqual([])
    expect(first?.delivery).toMatchObject({ status: 'pending', attempts: 0 })
    if (first?.notice === undefined) throw new Error('There is a delivery.')
    return first.notice
  }
  const cancel = (isForced = false) =>
    engine.runs.cancel(key, { cancellation: { reason: 'enough' }, isForced, tag: ids.tag() })
  const held = { conversation: ids.channelId() as string as ConversationId, ticket: 'ticket', createBy: later }

  const endings: Record<string, { readonly end: () => Promise<unknown>; readonly notice: Partial<Notice> }> = {
    'a worker completes it': {
      end: async () => (await startRun(engine.runs, key)).finish(),
      notice: { event: 'completed', result: { text: 'done', finishReason: 'stop' }, error: null },
    },
    'a worker fails it': {
      end: async () => {
        const writer = await startRun(engine.runs, key)
        const error = { code: 'TIMEOUT', message: 'Too long.' } as const
        await writer.append({ type: 'dispatch-failed', error, usage: { ...noUsage, totalTokens: 7 } })
      },
      notice: { event: 'failed', result: null, error: { code: 'TIMEOUT', message: 'Too long.' } },
    },
    'it is cancelled while it is queued': {
      end: async () => {
        await engine.runs.create(key, newRun())
        await cancel()
      },
      notice: { event: 'cancelled', result: null, error: null },
    },
    'it is cancelled by force': {
      end: async () => {
        await startRun(engine.runs, key)
        await cancel(true)
      },
      notice: { event: 'cancelled' },
    },
    'it has lost too many workers': {
      end: async () => {
        await startRun(engine.runs, key)
        await engine.runs.claim(key, { wake: 1, claim: 'second', tag: ids.tag(), lossLimit: 0 })
      },
      notice: { event: 'failed', error: expect.objectContaining({ code: 'WORKER_LOST' }) },
    },
    'its turn comes, and it cannot begin': {
      end: async () => {
        await takePlace(engine, key, held)
        await engine.runs.create(key, newRun({ turn: held }))
        const refusal = { code: 'CONFLICT', message: 'It has gone.' } as const
        await engine.runs.begin(key, { ...held, transcript: null, refusal, bytes: 0, tag: ids.tag() })
      },
      notice: {
        event: 'failed',
        conversationId: held.conversation,
        error: { code: 'CONFLICT', message: 'It has gone.' },
      },
    },
  }

  test.each(Object.entries(endings))('a run ends, since %s: that is told once', async (_title, { end, notice }) => {
    const endpoint = await addWebhook()
    await end()
    const [run] = await engine.runs.find([key])
    expect(await onlyNotice(endpoint)).toMatchObject({
      ...{ ...notice, at: run?.finishedAt, pendingCalls: [], reachedLimit: null, isCut: false },
    })
    await cancel(true)
    expect(await engine.deliveries.take(endpoint, { ...all, now: later - 1 })).toEqual([])
  })

  const park = async (calls: readonly PendingCall[], over: Partial<NewRun> = {}) => {
    await engine.runs.create(key, newRun(over))
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: ids.tag(), lossLimit: 5 })
    const events = calls.map((each) => ({ type: 'function-result-awaited', ...each }) as const)
    await engine.runs.append(key, { claim: 'c', seq: 1, tag: ids.tag(), events, open: [], awaits: calls })
    const facts = await engine.runs.facts(key)
    const lastTag = facts.at(-1)?.tag ?? ''
    return engine.runs.park(key, { claim: 'c', seq: 1, seenFacts: facts.length, lastTag })
  }
  const callOf = (id: string, size: number): PendingCall => ({
    call: { id, name: 'f', arguments: { x: 'x'.repeat(size) }, answer: 'submit', deadline: later },
    resultChannelId: null,
  })

  test('a run that parks is told with its calls, as many as fit, and with its meta', async () => {
    const endpoint = await addWebhook()
    const small = callOf('call-1', 10)
    expect(await park([small, callOf('call-2', 70_000)], { meta: { order: 12n, tags: [] } })).toBe('parked')
    expect(await onlyNotice(endpoint)).toMatchObject({
      ...{ event: 'waiting', meta: { order: 12, tags: [] }, pendingCalls: [small], reachedLimit: null, isCut: true },
    })
    expect((await engine.runs.find([key]))[0]?.meta).toEqual({ order: 12, tags: [] })
  })

  test('a run that a limit pauses is told once, as one that waits for no call, with what it has used, and which limit that was', async () => {
    const endpoint = await addWebhook()
    await engine.runs.create(key, newRun())
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: ids.tag(), lossLimit: 5 })
    const facts = await engine.runs.facts(key)
    const usage = { ...noUsage, totalTokens: 120 }
    const reachedLimit = { kind: 'tokens', used: 120, allowed: 100 } as const
    const paused = { type: 'dispatch-paused', reachedLimit, pausedUntil: later, usage } as const
    const park = { claim: 'c', seq: 0, seenFacts: facts.length, lastTag: facts.at(-1)?.tag ?? '' }
    const pause = { paused, tag: ids.tag() }
    expect(await engine.runs.park(key, { ...park, pause })).toBe('parked')
    // Its reply was lost.
    expect(await engine.runs.park(key, { ...park, pause })).toBe('lost')
    expect(await onlyNotice(endpoint)).toMatchObject({
      ...{ event: 'waiting', pendingCalls: [], usage, result: null, reachedLimit },
    })
  })

  test('a long result is not kept twice: the record has it', async () => {
    const endpoint = await addWebhook()
    const writer = await startRun(engine.runs, key)
    const result = { text: 'x'.repeat(70_000), finishReason: 'stop' } as const
    await writer.append({ type: 'dispatch-completed', result, usage: noUsage })
    expect(await onlyNotice(endpoint)).toMatchObject({ event: 'completed', result: null, isApart: true })
    expect((await engine.runs.find([key]))[0]?.result).toEqual(result)
  })

  test('those are told that are there, switched on and listening at that moment; or the one that the dispatch names', async () => {
    const other = await addWebhook({}, `account-${ids.nonce()}` as AccountId)
    const before = await addWebhook()
    const off = await addWebhook({ isEnabled: false })
    const deaf = await addWebhook({ events: ['waiting', 'failed'] })
    const writer = await startRun(engine.runs, key)
    const during = await addWebhook({ events: ['completed'] })
    const gone = await addWebhook()
    await engine.webhooks.remove(gone)
    await writer.finish()
    const after = await addWebhook()
    const heard = async () =>
      Promise.all([other, before, off, deaf, during, gone, after].map(async (each) => (await told(each)).length))
    expect(await heard()).toEqual([0, 1, 0, 0, 1, 0, 0])
    key = { ...key, channel: ids.channelId() }
    await (await startRun(engine.runs, key, { webhookId: during.webhook })).finish()
    expect((await told(during)).filter((each) => each.key.channel === key.channel)).toHaveLength(1)
    expect(await engine.deliveries.take(before, { ...all, now: 1 })).toEqual([])
    expect((await engine.deliveries.page(before, null, 10)).items).toHaveLength(1)
  })

  const completed = async (endpoint: { readonly account: AccountId }) => {
    const each = { account: endpoint.account, channel: ids.channelId() }
    await (await startRun(engine.runs, each)).finish()
    return each
  }

  test('what one process has taken, another gets only when the lease is over; what is due is in the list', async () => {
    const endpoint = await addWebhook()
    await completed(endpoint)
    const now = Date.now() + 1000
    const isDue = async (at: number) =>
      (await engine.deliveries.due(at, 1000)).some(({ webhook }) => webhook === endpoint.webhook)
    const other = await engine.elsewhere()
    expect(await isDue(now)).toBe(true)
    const [taken] = await engine.deliveries.take(endpoint, { now, limit: 5, leaseMs: 5000 })
    expect(await isDue(now)).toBe(false)
    expect(await other.deliveries.take(endpoint, { now: now + 4999, limit: 5, leaseMs: 5000 })).toEqual([])
    expect(await isDue(now + 5000)).toBe(true)
    expect(await other.deliveries.take(endpoint, { now: now + 5000, limit: 5, leaseMs: 5000 })).toEqual([taken])
    await other.deliveries.release(taken as DeliveryKey, now + 5001)
    expect(await engine.deliveries.take(endpoint, { now: now + 5001, limit: 5, leaseMs: 5000 })).toEqual([taken])
  })

  test('a delivery is settled once from each state; one that is settled for good comes again only when it is asked for', async () => {
    const endpoint = await addWebhook()
    await completed(endpoint)
    const [taken] = await engine.deliveries.take(endpoint, all)
    const loaded = await engine.deliveries.load(taken as DeliveryKey)
    const before = loaded?.delivery as Delivery
    const failed: Delivery = { ...before, attempts: 1, lastStatusCode: 500, lastError: 'é"', nextAt: later + 10 }
    expect(await engine.deliveries.settle(taken as DeliveryKey, before, failed)).toBe(true)
    expect(await engine.deliveries.settle(taken as DeliveryKey, before, failed)).toBe(false)
    expect(await engine.deliveries.take(endpoint, { ...all, now: later + 9 })).toEqual([])
    expect(await engine.deliveries.take(endpoint, { ...all, now: later + 10 })).toEqual([taken])
    const done: Delivery = {
      ...failed,
      status: 'delivered',
      attempts: 2,
      lastStatusCode: 200,
      lastError: null,
      nextAt: null,
    }
    expect(await engine.deliveries.settle(taken as DeliveryKey, failed, done)).toBe(true)
    expect(await engine.deliveries.take(endpoint, { ...all, now: 2 * later })).toEqual([])
    expect((await engine.deliveries.load(taken as DeliveryKey))?.delivery).toEqual(done)
    const again: Delivery = { ...done, status: 'pending', nextAt: 5 }
    expect(await engine.deliveries.settle(taken as DeliveryKey, done, again)).toBe(true)
    expect(await engine.deliveries.take(endpoint, { ...all, now: 5 })).toEqual([taken])
  })

  test('deliveries are listed newest first, page by page, and go with their dispatch', async () => {
    const endpoint = await addWebhook()
    const channels: ChannelKey[] = []
    for (let i = 0; i < 5; i++) channels.push(await completed(endpoint))
    const listed = async () => {
      const seen: string[] = []
      for (let place = null; ; ) {
        const page = await engine.deliveries.page(endpoint, place, 2)
        seen.push(...page.items.map((item) => item.key.channel))
        if (page.next === null) return seen
        place = page.next
      }
    }
    const newest = channels.map(({ channel }) => channel).reverse()
    // Two may have been written in one millisecond.
    expect([...(await listed())].sort()).toEqual([...newest].sort())
    const [second] = channels.slice(1)
    expect(await engine.runs.remove(second as ChannelKey)).toBe('removed')
    expect(await listed()).toHaveLength(4)
    expect((await told(endpoint)).map((each) => each.key.channel)).not.toContain(second?.channel)
  })

  test("deliveries count as the account's, until their dispatch is removed", async () => {
    const small = await open({ storedBytesPerAccount: 200_000 })
    const create = async (of: AccountId) => {
      const each = { account: of, channel: ids.channelId() }
      await small.runs.create(each, newRun({ meta: { text: 'x'.repeat(15_000) } }))
      await small.runs.cancel(each, { cancellation: { reason: null }, isForced: true, tag: ids.tag() })
      return each
    }
    /** How many ended dispatches an account can have. */
    const fill = async (of: AccountId) => {
      const made: ChannelKey[] = []
      const more = async () => {
        for (let i = 0; i < 30; i++) made.push(await create(of))
      }
      await expect(more()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
      return made
    }
    const [quiet, told] = ['account-1', 'account-2'] as AccountId[]
    if (quiet === undefined || told === undefined) throw new Error('There are two.')
    await small.webhooks.create(told, newWebhook())
    const made = await fill(told)
    expect(made.length).toBeLessThan((await fill(quiet)).length)
    await small.runs.remove(made[0] as ChannelKey)
    await create(told)
  })

  test('an account has so many endpoints and no more; a change is lost to none', async () => {
    const [first] = await Promise.all(Array.from({ length: webhookBounds.webhooks }, () => addWebhook()))
    if (first === undefined) throw new Error('There is one.')
    const extra = { ...first.whole, id: ids.resourceId('webhook') }
    expect(await engine.webhooks.create(account, extra)).toBe('full')
    expect(await engine.webhooks.create(account, first.whole)).toBe('created')
    const changed = { ...first.whole, description: 'Ünïcode', updatedAt: 2 }
    expect(await engine.webhooks.replace(account, first.whole, changed)).toBe(true)
    expect(await engine.webhooks.replace(account, first.whole, { ...first.whole, url: 'https://b.example/' })).toBe(
      false,
    )
    expect(await engine.webhooks.find(first)).toEqual(changed)
    expect(await engine.webhooks.remove(first)).toBe(true)
    expect(await engine.webhooks.remove(first)).toBe(false)
    expect(await engine.webhooks.replace(account, changed, first.whole)).toBe(false)
    expect(await engine.webhooks.list(account)).toHaveLength(webhookBounds.webhooks - 1)
  })
})
