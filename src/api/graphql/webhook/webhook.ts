import { type DeliveryPlace, deliveryId, parseDeliveryId } from '../../../webhooks/delivery.ts'
import type { Webhook as DomainWebhook } from '../../../webhooks/webhook.ts'
import { builder } from '../builder.ts'
import { connectionType, decodePlace, encodePlace, type Page, pageSize } from '../connection.ts'
import { pageComplexity } from '../resource/resource.ts'
import { WebhookDeliveryConnection, WebhookDeliveryStatus, WebhookEvent } from './delivery.ts'

export const Webhook = builder.objectRef<DomainWebhook>('Webhook').implement({
  description:
    'An endpoint that is told when dispatches end or wait. What it gets is signed and retried as the Standard Webhooks specification has it: each event at least once, known again by its `webhook-id`. Its signing secret is never read back.',
  fields: (t) => ({
    id: t.id({ description: 'A globally unique id, minted by this server.', resolve: ({ id }) => id }),
    url: t.exposeString('url', { description: 'Where events are sent, as POST.' }),
    events: t.field({
      type: [WebhookEvent],
      description: 'What it is told of, in the order of the enum.',
      resolve: ({ events }) => [...events],
    }),
    description: t.exposeString('description', {
      nullable: true,
      description: "The caller's own words; null when there are none.",
    }),
    isEnabled: t.exposeBoolean('isEnabled', {
      description:
        'False: nothing is sent, and events that happen meanwhile are not kept for it. A webhook is switched off by `updateWebhook`, and when its endpoint answers with status 410.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'The time of creation.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'The time of the last change. It grows with every change.',
      resolve: ({ updatedAt }) => new Date(updatedAt),
    }),
  }),
})

const pageArguments = {
  first: 'The size of the page, 1 to 100. Default: 20.',
  after: 'Continue after the edge with this cursor. Default: from the beginning.',
}

builder.objectFields(Webhook, (t) => ({
  deliveries: t.field({
    type: WebhookDeliveryConnection,
    description:
      'What it has been told, and is to be told, newest first: its newest 10,000 deliveries. Those that come meanwhile shift no page.',
    complexity: pageComplexity,
    args: {
      first: t.arg.int({ description: pageArguments.first }),
      after: t.arg.string({ description: pageArguments.after }),
      statuses: t.arg({ type: [WebhookDeliveryStatus], description: 'Only those with one of these. Default: all.' }),
    },
    resolve: async ({ id }, { first, after, statuses }, { services, principal }) => {
      const { account } = principal
      const parse = (value: unknown): DeliveryPlace | null => {
        const [text, createdAt]: unknown[] = Array.isArray(value) ? value : []
        const key = typeof text === 'string' ? parseDeliveryId(account, text) : null
        return key === null || !Number.isSafeInteger(createdAt) ? null : { key, createdAt: createdAt as number }
      }
      const { items, hasMore } = await services.webhooks.deliveries(
        { account, webhook: id },
        {
          before: after == null ? null : decodePlace(after, parse),
          limit: pageSize(first),
          statuses: statuses ?? null,
        },
      )
      return {
        edges: items.map((node) => ({
          cursor: encodePlace([deliveryId(node.key), node.delivery.createdAt]),
          node,
        })),
        hasNextPage: hasMore,
        hasPreviousPage: after != null,
      }
    },
  }),
}))

const WebhookConnection = connectionType(Webhook, 'Webhook')

builder.queryFields((t) => ({
  webhook: t.field({
    type: Webhook,
    nullable: true,
    description: "The webhook with this id; null when the caller's account has none.",
    args: { id: t.arg.id({ required: true, description: 'The id of the webhook.' }) },
    resolve: (_root, { id }, { services, principal }) => services.webhooks.find(principal.account, id),
  }),
  webhooks: t.field({
    type: WebhookConnection,
    description:
      'All webhooks of the account, newest first. Creating more while you page through the list shifts no page.',
    complexity: pageComplexity,
    args: {
      first: t.arg.int({ description: pageArguments.first }),
      after: t.arg.string({ description: pageArguments.after }),
    },
    resolve: async (_root, { first, after }, { services, principal }) =>
      pageOf(await services.webhooks.list(principal.account), first, after),
  }),
}))

/** There are few, so a page is cut from all of them. */
function pageOf(
  all: readonly DomainWebhook[],
  first: number | null | undefined,
  after: string | null | undefined,
): Page<DomainWebhook> {
  const place = after == null ? null : decodePlace(after, parsePlace)
  const rest =
    place === null
      ? all
      : all.filter(
          ({ id, createdAt }) => createdAt < place.createdAt || (createdAt === place.createdAt && id < place.id),
        )
  const size = pageSize(first)
  return {
    edges: rest.slice(0, size).map((node) => ({ cursor: encodePlace([node.createdAt, node.id]), node })),
    hasNextPage: rest.length > size,
    hasPreviousPage: place !== null,
  }
}

function parsePlace(value: unknown) {
  const [createdAt, id]: unknown[] = Array.isArray(value) ? value : []
  return typeof id === 'string' && typeof createdAt === 'number' && Number.isSafeInteger(createdAt)
    ? { createdAt, id }
    : null
}
