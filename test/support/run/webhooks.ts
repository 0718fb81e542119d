import { type Webhook, webhookEvents } from '../../../src/webhooks/webhook.ts'
import { ids } from './runs.ts'

/** An endpoint that is told of everything, as the stores have it. */
export function newWebhook(over: Partial<Webhook> = {}): Webhook {
  return {
    ...{ id: ids.resourceId('webhook'), url: 'https://example.com/', events: webhookEvents, description: null },
    ...{ isEnabled: true, sealed: 'sealed', previous: null, createdAt: 1, updatedAt: 1, ...over },
  }
}
