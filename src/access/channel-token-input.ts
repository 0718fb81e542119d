import { z } from 'zod'
import { wholeNumber } from '../conversation/input/field.ts'
import { badInput } from '../kernel/errors.ts'
import { channelPermissions } from './principal.ts'

/** The lifetime of a channel token in seconds; bounds are inclusive. */
const tokenLifetime = { least: 1, most: 30 * 24 * 3600, default: 3600 } as const

/** Null means the same as absent. */
const channelTokenInput = z.object({
  allow: z
    .array(z.enum(channelPermissions))
    .nullish()
    .transform((allow) => [...new Set(allow ?? [])]),
  expiresInSeconds: wholeNumber(tokenLifetime.least, tokenLifetime.most)
    .nullish()
    .transform((seconds) => seconds ?? tokenLifetime.default),
})

export type ChannelTokenInput = z.output<typeof channelTokenInput>

/** Checks the input of an API. Throws BAD_USER_INPUT with the path of every wrong field. */
export function parseChannelTokenInput(input: unknown, path: readonly string[]): ChannelTokenInput {
  const result = channelTokenInput.safeParse(input)
  if (result.success) return result.data
  throw badInput(
    result.error.issues.map((issue) => ({
      path: [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message: issue.message,
    })),
  )
}
