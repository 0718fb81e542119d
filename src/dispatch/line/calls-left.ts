import type { FunctionCall } from '../../conversation/function.ts'
import { isEnded } from '../../conversation/run-status.ts'
import type { ConversationKey } from '../../kernel/ids.ts'
import type { DispatchIndex } from '../dispatch-index.ts'
import type { RunStore } from '../run-store.ts'

interface LeftReads {
  readonly members: Pick<DispatchIndex<ConversationKey>, 'page'>
  readonly runs: Pick<RunStore, 'find' | 'facts'>
}

/** How many of the newest dispatches of a conversation are looked at. More than a line has places. */
const newest = 101

/**
 * The calls, by their ids, that the newest ended dispatch of a conversation has left to its caller, who answers them with the next
 * dispatch. Empty when it ended in another way.
 */
export async function callsLeft(
  { members, runs }: LeftReads,
  of: ConversationKey,
): Promise<ReadonlyMap<string, FunctionCall>> {
  const places = await members.page(of, null, newest)
  const found = await runs.find(places.map(({ channel }) => ({ account: of.account, channel })))
  const last = found.find((run) => run != null && isEnded(run.status))
  if (last?.result?.finishReason !== 'activity') return new Map()
  const facts = await runs.facts(last.key)
  return new Map(
    facts.flatMap(({ event }): readonly (readonly [string, FunctionCall])[] =>
      event.type === 'function-call-requested' && event.call.answer === 'caller' && event.problem === null
        ? [[event.call.id, event.call]]
        : [],
    ),
  )
}
