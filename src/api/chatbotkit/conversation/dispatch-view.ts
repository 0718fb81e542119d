import { z } from '@hono/zod-openapi'
import { seesAccount } from '../../../access/permission.ts'
import type { Principal } from '../../../access/principal.ts'
import type { Run } from '../../../dispatch/run.ts'
import { resultOf } from '../stream/translate-events.ts'

/** An addition of ours: the vendor's API cannot report the state of a dispatch. Times are in ms since 1970. */
export const dispatchView = z
  .object({
    channelId: z.string(),
    status: z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled']),
    model: z.string(),
    botId: z.string().optional(),
    contactId: z.string().optional(),
    conversationId: z.string().optional(),
    meta: z.record(z.string(), z.unknown()).optional(),
    attempts: z.int(),
    usage: z.object({ token: z.int() }),
    result: z.object({ text: z.string(), end: z.object({ reason: z.string() }) }).optional(),
    error: z.object({ message: z.string(), code: z.string() }).optional(),
    createdAt: z.int(),
    startedAt: z.int().optional(),
    finishedAt: z.int().optional(),
  })
  .openapi('Dispatch')

export function viewOf(run: Run, principal: Principal): z.output<typeof dispatchView> {
  const { key, status, model, attempts, usage, result, error, createdAt } = run
  return {
    channelId: key.channel,
    status,
    model,
    attempts,
    usage: { token: usage.totalTokens },
    createdAt,
    ...(seesAccount(principal) && run.botId !== null && { botId: run.botId }),
    ...(seesAccount(principal) && run.contactId !== null && { contactId: run.contactId }),
    ...(seesAccount(principal) && run.meta !== null && { meta: run.meta }),
    ...(run.turn !== null && { conversationId: run.turn.conversation }),
    ...(result !== null && { result: resultOf(result) }),
    ...(error !== null && { error: { message: error.message, code: error.code } }),
    ...(run.startedAt !== null && { startedAt: run.startedAt }),
    ...(run.finishedAt !== null && { finishedAt: run.finishedAt }),
  }
}
