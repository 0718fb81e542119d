import { z } from '@hono/zod-openapi'
import { seesAccount } from '../../../access/permission.ts'
import type { Principal } from '../../../access/principal.ts'
import type { RunRecord } from '../../../dispatch/run-record.ts'
import { resultOf } from '../stream/event-wire.ts'

/** Beyond the vendor's API, which cannot tell how a dispatch stands. Times are in ms since 1970. */
export const dispatchView = z
  .object({
    channelId: z.string(),
    status: z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled']),
    model: z.string(),
    botId: z.string().optional(),
    contactId: z.string().optional(),
    attempts: z.int(),
    usage: z.object({ token: z.int() }),
    result: z.object({ text: z.string(), end: z.object({ reason: z.string() }) }).optional(),
    error: z.object({ message: z.string(), code: z.string() }).optional(),
    createdAt: z.int(),
    startedAt: z.int().optional(),
    finishedAt: z.int().optional(),
  })
  .openapi('Dispatch')

export function viewOf(record: RunRecord, principal: Principal): z.output<typeof dispatchView> {
  const { key, status, model, attempts, usage, result, error, createdAt } = record
  return {
    channelId: key.channel,
    status,
    model,
    attempts,
    usage: { token: usage.totalTokens },
    createdAt,
    ...(seesAccount(principal) && record.botId !== null && { botId: record.botId }),
    ...(seesAccount(principal) && record.contactId !== null && { contactId: record.contactId }),
    ...(result !== null && { result: resultOf(result) }),
    ...(error !== null && { error: { message: error.message, code: error.code } }),
    ...(record.startedAt !== null && { startedAt: record.startedAt }),
    ...(record.finishedAt !== null && { finishedAt: record.finishedAt }),
  }
}
