import { parseWebhookChange, parseWebhookInput } from '../../../webhooks/webhook-input.ts'
import type { WithSecret } from '../../../webhooks/webhooks.ts'
import { builder } from '../builder.ts'
import { DeletePayload } from '../resource/delete.ts'
import { WebhookDelivery, WebhookEvent } from './delivery.ts'
import { Webhook } from './webhook.ts'

const url =
  'An http:// or https:// URL, at most 4,096 characters, without user name and password. BAD_USER_INPUT where requests to it are refused, as those to internal addresses are.'
const events = 'What it is told of.'
const description = "The caller's own words, at most 10,000 characters."

const WebhookInput = builder.inputType('WebhookInput', {
  description: 'An endpoint, and what it is told of.',
  fields: (t) => ({
    url: t.string({ required: true, description: url }),
    events: t.field({ type: [WebhookEvent], description: `${events} Default: everything.` }),
    description: t.string({ description }),
  }),
})

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'The changes to a webhook: an absent field stays as it is.',
  fields: (t) => ({
    url: t.string({ description: `${url} It cannot be null. What has failed is sent there, too.` }),
    events: t.field({ type: [WebhookEvent], description: `${events} Null: everything.` }),
    description: t.string({ description: `${description} Null clears it.` }),
    isEnabled: t.boolean({
      description:
        'False switches it off: deliveries whose time comes meanwhile fail. True switches it on again. It cannot be null.',
    }),
  }),
})

const CreateWebhookPayload = builder.objectRef<WithSecret>('CreateWebhookPayload').implement({
  description: 'A webhook and its new signing secret.',
  fields: (t) => ({
    webhook: t.expose('webhook', { type: Webhook, description: 'The webhook as it is now.' }),
    signingSecret: t.exposeString('signingSecret', {
      description:
        'Begins with `whsec_`. The receiver verifies signatures with it. It is told this once, and stored encrypted.',
    }),
  }),
})

const id = 'The id of the webhook.'
const absent = 'NOT_FOUND when the account has no such webhook.'

builder.mutationFields((t) => ({
  createWebhook: t.field({
    type: CreateWebhookPayload,
    description:
      'Creates a webhook. It is told of everything that happens from now on, to dispatches that were accepted before, too. LIMIT_EXCEEDED when the account has 16 webhooks; UNAVAILABLE on a server that uses Redis and has no SECRETS_KEY.',
    args: { input: t.arg({ type: WebhookInput, required: true, description: 'The fields of the new webhook.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.webhooks.create(principal.account, parseWebhookInput(input, ['input'])),
  }),
  updateWebhook: t.field({
    type: Webhook,
    description: `Changes a webhook: an absent field stays as it is. ${absent}`,
    args: {
      id: t.arg.id({ required: true, description: id }),
      input: t.arg({ type: UpdateWebhookInput, required: true, description: 'The fields to change.' }),
    },
    resolve: (_root, args, { services, principal }) =>
      services.webhooks.update(principal.account, args.id, parseWebhookChange(args.input, ['input'])),
  }),
  deleteWebhook: t.field({
    type: DeletePayload,
    description: `Deletes a webhook and its deliveries; what is pending is not sent. ${absent}`,
    args: { id: t.arg.id({ required: true, description: id }) },
    resolve: async (_root, args, { services, principal }) => {
      await services.webhooks.remove(principal.account, args.id)
      return { id: args.id }
    },
  }),
  rotateWebhookSecret: t.field({
    type: CreateWebhookPayload,
    description: `A new signing secret. What is sent in the next 24 hours is signed with both, so that receivers can change it meanwhile; a second rotation ends that for the secret before last. ${absent} UNAVAILABLE on a server that uses Redis and has no SECRETS_KEY.`,
    args: { id: t.arg.id({ required: true, description: id }) },
    resolve: (_root, args, { services, principal }) => services.webhooks.rotate(principal.account, args.id),
  }),
  resendWebhookDelivery: t.field({
    type: WebhookDelivery,
    description:
      'Delivers again, now, whatever became of it before; the `webhook-id` stays the same. If that fails, it is retried like a new one. NOT_FOUND when the account has no such delivery, or no longer its webhook.',
    args: { id: t.arg.id({ required: true, description: 'The id of the delivery.' }) },
    resolve: (_root, args, { services, principal }) => services.webhooks.resend(principal.account, args.id),
  }),
}))
