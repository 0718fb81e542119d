import { z } from '@hono/zod-openapi'

/** A caller's own data. */
export const metaField = z.record(z.string(), z.unknown()).nullish().openapi({ description: "The caller's own data." })

export const modelField = z
  .union([z.string(), z.object({ name: z.string().min(1), config: z.record(z.string(), z.unknown()).nullish() })])
  .nullish()
  .openapi({ description: '`provider:name/key=value/…`, or `{name, config}`.' })

/** A field of the vendor's API that is accepted and has no effect here. */
export const ignoredField = z.unknown().optional().openapi({ description: 'Accepted without effect.' })

export const channelIdField = z.string().openapi({
  description: '16 to 128 of A-Z a-z 0-9 _ -.',
  example: 'my-channel-0123456789ab',
})
