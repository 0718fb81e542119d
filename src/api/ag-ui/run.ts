import type { Context } from 'hono'
import { stringifyJson } from '../../kernel/json.ts'
import { clientTimezone } from '../../kernel/timezone.ts'
import { requireConversation } from '../facade/caller.ts'
import type { Facade } from '../facade/facade.ts'
import { frameResponse } from '../facade/frame-response.ts'
import { readJson } from '../facade/read-json.ts'
import type { CallerEnv } from '../facade/request-body.ts'
import { checkedTimezone } from '../timezone-header.ts'
import { beginOrJoin } from './begin-or-join.ts'
import { channelOf, conversationOf } from './input/ids.ts'
import { runAgentInput } from './input/run-input.ts'

/** A comment, which clients skip. */
const beat = ':\n\n'

/** Begins a run of a thread, goes on with one, or joins it again, and streams its events. */
export function addRun(facade: Facade): void {
  facade.routes.post('/ag-ui/:agent', async (context) => {
    const { principal } = context.var
    const input = await readJson(context, runAgentInput)
    const conversation = conversationOf(input.threadId)
    requireConversation(principal, conversation, 'read')
    const { reader, channel } = await beginOrJoin({
      facade,
      principal,
      asked: {
        input,
        agent: context.req.param('agent'),
        timezone: timezoneOf(context),
        conversation,
        channel: channelOf(conversation, input.runId),
      },
    })
    return frameResponse(reader, {
      outgoing: context.env.outgoing,
      write: (event) => `data: ${stringifyJson(event)}\n\n`,
      beat,
      heartbeatMs: facade.heartbeatMs,
      headers: channel === null ? {} : { 'x-channel-id': channel },
    })
  })
}

function timezoneOf({ req }: Context<CallerEnv>): string | null {
  const name = clientTimezone(req.header('x-timezone'))
  return name === null ? null : checkedTimezone(name)
}
