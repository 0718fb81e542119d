import { bounds } from '../config/bounds.ts'
import { timings } from '../config/timings.ts'
import { FetchFailed, FetchRefused } from '../extensions/safe-fetch/fault.ts'
import { createSafeFetch, type SafeFetch } from '../extensions/safe-fetch/safe-fetch.ts'
import { retryAfterMs } from '../kernel/retry-after.ts'
import { requireVault } from '../store/secrets.ts'
import { type DelivererDeps, startDeliverer } from '../webhooks/deliverer.ts'
import { judgeAnswer } from '../webhooks/retries.ts'
import { type Parts, wallClock } from './parts.ts'

/** Tells endpoints what has happened: in every process that has a worker, since these alone reach out. It takes none of its places. */
export function openDeliverer({ config, engine, telemetry, vault, loopTurns, lifecycle, onError }: Parts): void {
  const { deliveries, webhooks, runs } = engine.requests
  const safeFetch = createSafeFetch({ allow: config.fetchAllow, loopTurns })
  lifecycle.onClose(() => safeFetch.close())
  const { webhookTimeoutMs } = config
  const deliverer = startDeliverer({
    deliveries,
    webhooks,
    outcomeOf: async (key) => (await runs.find([key]))[0] ?? null,
    openSecret: ({ account, webhook: id }, sealed) => requireVault(vault).open({ account, id }, sealed),
    post: telemetry.webhook(createPost(safeFetch, webhookTimeoutMs)),
    tell: telemetry.tell,
    clock: wallClock,
    onError,
    timings: { ...timings.webhooks, leaseMs: 2 * webhookTimeoutMs },
    bounds: bounds.webhooks,
  })
  lifecycle.onClose(() => deliverer.close())
}

/** Through the guarded fetch: to public addresses only, or those that FETCH_ALLOW names. What a receiver answers is not kept. */
function createPost(safeFetch: SafeFetch, timeoutMs: number): DelivererDeps['post'] {
  return async ({ key, url, headers, body }, signal) => {
    try {
      const { status, headers: answered } = await safeFetch.fetch({
        ...{ url, account: key.account, method: 'POST', headers, body, signal, timeoutMs },
        ...{ maxBytes: 0, whenLarger: 'cut', redirects: 'returned' },
      })
      return judgeAnswer(status, retryAfterMs(answered))
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof FetchRefused) && !(error instanceof FetchFailed)) throw error
      return { kind: 'failed', statusCode: null, error: error.message, retryAfterMs: null }
    }
  }
}
