import { z } from 'zod'
import { findLine } from '../../dispatch/line/read-conversation.ts'
import { Failure } from '../../kernel/errors.ts'
import type { ChannelId, ConversationKey } from '../../kernel/ids.ts'
import { requireConversation } from '../facade/caller.ts'
import type { Facade } from '../facade/facade.ts'
import { readJson } from '../facade/read-json.ts'
import type { Services } from '../services.ts'
import { channelOf, conversationOf } from './input/ids.ts'
import { begunRun } from './thread.ts'

const stopBody = z.looseObject({ threadId: z.string().min(1), runId: z.string().min(1).nullish() })

/** Cancels a run: AG-UI has no word for it, because a client that only closes its connection may come back. */
export function addStop({ routes, services }: Facade): void {
  routes.post('/ag-ui/:agent/stop', async (context) => {
    const { account } = context.var.principal
    const { threadId, runId = null } = await readJson(context, stopBody)
    const conversation = conversationOf(threadId)
    requireConversation(context.var.principal, conversation, 'cancel')
    for (const channel of await channelsToStop(services, { account, conversation }, runId)) {
      await services.cancelDispatch({ account, channel }, null)
    }
    return context.body(null, 204)
  })
}

/**
 * That of the dispatch which the run has begun. Without a run, or with one that goes on with another's dispatch, those of all that are in
 * line: from the end, so that none begins because the one before it has ended. NOT_FOUND: there is no such thread.
 */
async function channelsToStop(
  services: Services,
  of: ConversationKey,
  runId: string | null,
): Promise<readonly ChannelId[]> {
  const own = runId === null ? null : { ...of, channel: channelOf(of.conversation, runId) }
  if (own !== null && (await begunRun(services, own)) !== null) return [own.channel]
  const line = await findLine(services, of)
  if (line === null) throw new Failure('NOT_FOUND', 'There is no thread by that id.')
  return line.places.map(({ channel }) => channel).toReversed()
}
