import { z } from 'zod'
import { currentRun, findLine } from '../../dispatch/line/read-conversation.ts'
import { Failure } from '../../kernel/errors.ts'
import type { ChannelKey, ConversationKey } from '../../kernel/ids.ts'
import { openChannel, requireConversation } from '../facade/caller.ts'
import type { Facade } from '../facade/facade.ts'
import { readJson } from '../facade/read-json.ts'
import type { Services } from '../services.ts'
import { channelOf, conversationOf } from './input/ids.ts'

const stopBody = z.looseObject({ threadId: z.string().min(1), runId: z.string().min(1).nullish() })

/** Cancels a run: AG-UI has no word for it, because a client that only closes its connection may come back. */
export function addStop({ routes, services }: Facade): void {
  routes.post('/ag-ui/:agent/stop', async (context) => {
    const { principal } = context.var
    const { threadId, runId = null } = await readJson(context, stopBody)
    const conversation = conversationOf(threadId)
    requireConversation(principal, conversation, 'read')
    const key = await keyToStop(services, { account: principal.account, conversation }, runId)
    if (key !== null) {
      const { channel } = key
      await services.cancelDispatch(await openChannel(principal, channel, { permission: 'cancel', services }), null)
    }
    return context.body(null, 204)
  })
}

/**
 * The dispatch that the run has begun. A run that goes on with another's dispatch has begun none: it is the thread's current one. Null:
 * nothing is at work. NOT_FOUND: there is no such thread.
 */
async function keyToStop(services: Services, of: ConversationKey, runId: string | null): Promise<ChannelKey | null> {
  const own = runId === null ? null : { account: of.account, channel: channelOf(of.conversation, runId) }
  const [begun = null] = own === null ? [] : await services.runs.find([own])
  if (begun !== null) return begun.key
  const line = await findLine(services, of)
  if (line === null) throw new Failure('NOT_FOUND', 'There is no thread by that id.')
  const run = await currentRun(services, line)
  return run?.key ?? null
}
