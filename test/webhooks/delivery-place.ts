import { randomBytes } from 'node:crypto'
import { openDatabase } from '../../src/engines/sqlite/database/open-database.ts'
import { createPorts } from '../../src/engines/sqlite/ports.ts'
import type { AccountId, ChannelKey } from '../../src/kernel/ids.ts'
import { createVault } from '../../src/store/vault.ts'
import { type DelivererDeps, type PostRequest, startDeliverer } from '../../src/webhooks/deliverer.ts'
import { judgeAnswer } from '../../src/webhooks/retries.ts'
import type { Webhook } from '../../src/webhooks/webhook.ts'
import { createWebhooks } from '../../src/webhooks/webhooks.ts'
import { opened } from '../support/lifetime/opened.ts'
import { ids, startRun } from '../support/run/runs.ts'

export type Post = DelivererDeps['post']

export const account = 'account-1' as AccountId
const limits = { maxEntries: 1000, maxBytes: 1_000_000 }
const never = 1_000_000

/** The embedded engine in memory, with a clock that the test moves, and deliverers that answer as the test says. */
export function openDeliveryPlace() {
  let now = Date.parse('2026-11-30T12:00:00.000Z')
  const clock = () => now
  const database = openDatabase(null)
  opened({ close: () => database.close() })
  const ports = createPorts(database, {
    clock,
    log: limits,
    results: { logSeconds: 100, earlyMs: 1000, waitSeconds: 100, ...limits },
    retention: { logSeconds: 1_000_000, recordSeconds: 1_000_000 },
    ...{ accountBytes: 0, maxBytes: 100_000_000 },
  })
  const { runs, webhooks: store, deliveries } = ports.seenBy(database)
  const vault = createVault({ keys: [randomBytes(32)], randomBytes })
  const webhooks = createWebhooks({
    ...{ store, deliveries, randomBytes, ids, clock, urlProblem: () => null },
    seal: ({ account: of, webhook: id }, secret) => vault.seal({ account: of, id }, secret),
  })
  const errors: unknown[] = []
  const outcomes: string[] = []

  return {
    ...{ runs, webhooks, store, deliveries, errors, outcomes, expire: ports.expire },
    get now() {
      return now
    },
    pass(ms: number) {
      now += ms
    },
    addWebhook: (url = 'https://example.com/hook') => webhooks.create(account, { url }),
    async complete(text = 'done', of: ChannelKey = { account, channel: ids.channelId() }) {
      const writer = await startRun(runs, of)
      const usage = { ...(await runs.find([of]))[0]?.usage, totalTokens: 3 } as never
      await writer.append({ type: 'dispatch-completed', result: { text, finishReason: 'stop' }, usage })
      return of
    },
    list: async ({ id }: Webhook) => {
      const page = { before: null, limit: 100, statuses: null }
      return (await webhooks.deliveries({ account, webhook: id }, page)).items.map((item) => item.delivery)
    },
    start: (post: Post, over: Partial<DelivererDeps> = {}) =>
      opened(
        startDeliverer({
          ...{ deliveries, webhooks: store, clock, post },
          outcomeOf: async (key) => (await runs.find([key]))[0] ?? null,
          openSecret: ({ account: of, webhook: id }, sealed) => vault.open({ account: of, id }, sealed),
          tell: ({ outcome }) => outcomes.push(outcome),
          onError: (error) => errors.push(error),
          timings: { intervalMs: never, leaseMs: 30_000, graceMs: 0 },
          bounds: { attempts: 8, perWebhook: 2, batch: 100 },
          ...over,
        }),
      ),
  }
}

/** Answers with these statuses, one after the other, and goes on with the last. */
export const answering =
  (...statuses: readonly number[]): Post =>
  async () =>
    judgeAnswer((statuses.length > 1 ? (statuses as number[]).shift() : statuses[0]) ?? 200, null)

/** Notes what is sent, and answers. */
export const noting =
  (sent: PostRequest[], outcome = judgeAnswer(200, null)): Post =>
  async (request) => {
    sent.push(request)
    return outcome
  }
