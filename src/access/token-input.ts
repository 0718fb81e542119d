import { z } from 'zod'
import { orNull, wholeNumber } from '../conversation/input/field.ts'
import { type DispatchLimits, limitsInput } from '../conversation/input/limits-input.ts'
import { badInput } from '../kernel/errors.ts'
import { channelPermissions, conversationPermissions } from './principal.ts'

/** The lifetime of a token in seconds; bounds are inclusive. */
const tokenLifetime = { least: 1, most: 30 * 24 * 3600, default: 3600 } as const

const expiresInSeconds = wholeNumber(tokenLifetime.least, tokenLifetime.most)
  .nullish()
  .transform((seconds) => seconds ?? tokenLifetime.default)

/** None, where null is given or nothing. */
function permissions<Name extends string>(names: readonly Name[]) {
  return z
    .array(z.enum(names))
    .nullish()
    .transform((allow) => [...new Set(allow ?? [])])
}

/** Null means the same as absent. */
const channelTokenInput = z.object({ allow: permissions(channelPermissions), expiresInSeconds })

const conversationTokenInput = z
  .object({
    allow: permissions(conversationPermissions),
    botId: orNull(z.string()),
    limits: limitsInput,
    expiresInSeconds,
  })
  .superRefine(({ allow, botId, limits }, context) => {
    const dispatches = allow.includes('dispatch')
    if (dispatches && botId === null) {
      context.addIssue({
        code: 'custom',
        path: ['botId'],
        message: 'names who answers: a token with DISPATCH takes one',
      })
    }
    const message = 'is about dispatches: give it with DISPATCH'
    if (!dispatches && botId !== null) context.addIssue({ code: 'custom', path: ['botId'], message })
    if (!dispatches && hasLimit(limits)) context.addIssue({ code: 'custom', path: ['limits'], message })
  })

export type ChannelTokenInput = z.output<typeof channelTokenInput>
export type ConversationTokenInput = z.output<typeof conversationTokenInput>

/** Checks the input of an API. Throws BAD_USER_INPUT with the path of every wrong field. */
export function parseChannelTokenInput(input: unknown, path: readonly string[]): ChannelTokenInput {
  return parse(channelTokenInput, input, path)
}

/** As `parseChannelTokenInput`. Whether there is such a bot is for the caller to see. */
export function parseConversationTokenInput(input: unknown, path: readonly string[]): ConversationTokenInput {
  return parse(conversationTokenInput, input, path)
}

/** The limits in a token's claims; null: not all of them can be read, for instance because a later release has minted it. */
export function readLimits(claim: unknown): DispatchLimits | null {
  const result = limitsInput.safeParse(claim)
  if (!result.success || typeof claim !== 'object' || claim === null) return null
  return Object.keys(claim).every((name) => name in result.data) ? result.data : null
}

function hasLimit(limits: DispatchLimits): boolean {
  return Object.values(limits).some((limit) => limit !== null)
}

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown, path: readonly string[]): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw badInput(
    result.error.issues.map((issue) => ({
      path: [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message: issue.message,
    })),
  )
}
