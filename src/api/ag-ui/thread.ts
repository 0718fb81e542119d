import type { FunctionCall } from '../../conversation/function.ts'
import { isEnded } from '../../conversation/run-status.ts'
import type { Line } from '../../dispatch/line/line.ts'
import type { Run } from '../../dispatch/run.ts'
import type { ChannelKey, ConversationId, ConversationKey } from '../../kernel/ids.ts'
import type { Services } from '../services.ts'

/** How many of the newest dispatches of a conversation are searched for a call. */
const newest = 10

/** The dispatch that the run has begun, whose channel's id follows from it; null: it has begun none. */
export async function begunRun(
  { runs }: Services,
  { account, channel, conversation }: ChannelKey & { readonly conversation: ConversationId },
): Promise<Run | null> {
  const [run] = await runs.find([{ account, channel }])
  return run?.turn?.conversation === conversation ? run : null
}

/** The dispatch in the line, not ended, whose messages have this id; null: none has. */
export async function runOfMessage({ runs }: Services, { key, places }: Line, messageId: string): Promise<Run | null> {
  for (const { channel } of places) {
    const of = { account: key.account, channel }
    const [[run], facts] = await Promise.all([runs.find([of]), runs.facts(of)])
    const has = facts.some(
      ({ event }) =>
        (event.type === 'dispatch-queued' || event.type === 'messages-added') &&
        event.messages.some(({ id }) => id === messageId),
    )
    if (run != null && !isEnded(run.status) && has) return run
  }
  return null
}

/** The dispatch of the conversation, one of the newest, that has asked for this call; null: none has. */
export async function runOfCall(services: Services, of: ConversationKey, callId: string): Promise<Run | null> {
  const places = await services.members.page(of, null, newest)
  const found = await services.runs.find(places.map(({ channel }) => ({ account: of.account, channel })))
  for (const run of found) {
    if (run == null) continue
    const facts = await services.runs.facts(run.key)
    if (facts.some(({ event }) => event.type === 'function-call-requested' && event.call.id === callId)) return run
  }
  return null
}

/** The calls of a run whose answers are to be submitted. */
export async function waitingCalls({ runs }: Services, { key }: Run): Promise<readonly FunctionCall[]> {
  const pending = await runs.pending(key)
  return pending.flatMap(({ call, resultChannelId }) => (resultChannelId === null ? [call] : []))
}
