import { type DeliveryStatus, deliveryId, deliveryStatuses, type ListedDelivery } from '../../../webhooks/delivery.ts'
import { type WebhookEvent as DomainEvent, webhookEvents } from '../../../webhooks/webhook.ts'
import { builder } from '../builder.ts'
import { connectionType } from '../connection.ts'

const eventDescriptions: Readonly<Record<DomainEvent, string>> = {
  completed: 'The run ended with a result.',
  failed: 'The run ended with an error.',
  cancelled: 'Somebody has cancelled the run.',
  waiting:
    'The run waits: for answers to function calls that its caller gives, or, paused by a limit, for that to be raised.',
}

export const WebhookEvent = builder.enumType('WebhookEvent', {
  description: 'What a webhook can be told of.',
  values: Object.fromEntries(
    webhookEvents.map((value) => [`DISPATCH_${value.toUpperCase()}`, { value, description: eventDescriptions[value] }]),
  ) as Record<`DISPATCH_${Uppercase<DomainEvent>}`, { value: DomainEvent; description: string }>,
})

const statusDescriptions: Readonly<Record<DeliveryStatus, string>> = {
  pending: 'It is sent at `nextAttemptAt`.',
  delivered: 'The endpoint answered with a status from 200 to 299.',
  failed:
    'It is sent no more: the last of ten attempts failed, the endpoint answered with 410, or the webhook was switched off.',
}

export const WebhookDeliveryStatus = builder.enumType('WebhookDeliveryStatus', {
  description: 'What became of a delivery.',
  values: Object.fromEntries(
    deliveryStatuses.map((value) => [value.toUpperCase(), { value, description: statusDescriptions[value] }]),
  ) as Record<Uppercase<DeliveryStatus>, { value: DeliveryStatus; description: string }>,
})

export const WebhookDelivery = builder.objectRef<ListedDelivery>('WebhookDelivery').implement({
  description:
    'One event of a dispatch that a webhook is told of. It is kept for five days after the last event of its dispatch, and until its dispatch or its webhook is deleted.',
  fields: (t) => ({
    id: t.id({
      description: 'The `webhook-id` header of every attempt: a receiver that has seen it has seen the delivery.',
      resolve: ({ key }) => deliveryId(key),
    }),
    event: t.field({
      type: WebhookEvent,
      description: 'What the webhook is told.',
      resolve: ({ delivery }) => delivery.event,
    }),
    channelId: t.id({ description: "The dispatch's channel.", resolve: ({ key }) => key.channel }),
    status: t.field({
      type: WebhookDeliveryStatus,
      description: 'What has become of it.',
      resolve: ({ delivery }) => delivery.status,
    }),
    attempts: t.int({
      description: 'How many attempts have been made, those before it was sent again included.',
      resolve: ({ delivery }) => delivery.attempts,
    }),
    lastStatusCode: t.int({
      nullable: true,
      description: 'The HTTP status of the answer to the last attempt; null when there was no answer, or no attempt.',
      resolve: ({ delivery }) => delivery.lastStatusCode,
    }),
    lastError: t.string({
      nullable: true,
      description: 'Why the last attempt failed, in words; null when it did not. Nothing of the answer is repeated.',
      resolve: ({ delivery }) => delivery.lastError,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'The time of the event.',
      resolve: ({ delivery }) => new Date(delivery.createdAt),
    }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The time of the next attempt; null when there is none. It comes later while the endpoint has no place free.',
      resolve: ({ delivery: { nextAt } }) => (nextAt === null ? null : new Date(nextAt)),
    }),
  }),
})

export const WebhookDeliveryConnection = connectionType(WebhookDelivery, 'WebhookDelivery')
