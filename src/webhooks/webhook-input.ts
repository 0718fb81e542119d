import { z } from 'zod'
import { badInput } from '../kernel/errors.ts'
import { webhookBounds, webhookEvents } from './webhook.ts'

const events = z
  .array(z.enum(webhookEvents))
  .min(1, 'takes at least one event, or nothing for all of them')
  .transform((given) => webhookEvents.filter((event) => given.includes(event)))
const description = z.string().max(webhookBounds.description, `takes at most ${webhookBounds.description} characters`)
const url = z
  .url({ protocol: /^https?$/, error: 'takes an http:// or https:// URL' })
  .max(webhookBounds.url, `takes at most ${webhookBounds.url} characters`)

const input = z.object({ url, events: events.nullish(), description: description.nullish() })
const change = z.object({
  url: url.optional(),
  events: events.nullish(),
  description: description.nullish(),
  isEnabled: z.boolean('takes true or false').optional(),
})

export type WebhookInput = z.output<typeof input>
/** An absent field stays as it is. */
export type WebhookChange = z.output<typeof change>

// Each throws BAD_USER_INPUT with the path of every wrong field.
export const parseWebhookInput = parser(input)
export const parseWebhookChange = parser(change)

function parser<Schema extends z.ZodType<object>>(schema: Schema) {
  return (given: unknown, path: readonly string[]): z.output<Schema> => {
    const result = schema.safeParse(given)
    if (result.success) return result.data
    throw badInput(
      result.error.issues.map((issue) => ({
        path: [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
        message: issue.message,
      })),
    )
  }
}
