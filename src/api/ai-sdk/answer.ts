import type { ChannelEvent } from '../../conversation/event.ts'
import type { Message } from '../../conversation/message.ts'
import { isEnded } from '../../conversation/run-status.ts'
import type { Run } from '../../dispatch/run.ts'
import type { ChannelId, ChannelKey, ConversationKey } from '../../kernel/ids.ts'
import type { Services } from '../services.ts'

/** The newest message of the assistant: the dispatches of a conversation that tell it, in order. */
export interface Answer {
  readonly runs: readonly [Run, ...Run[]]
}

/** How many of the newest dispatches are looked at. More than a line has places. */
const newest = 101

type Reads = Pick<Services, 'members' | 'runs' | 'log'>

/**
 * The newest answer of a conversation. A dispatch that answers calls which the one before has left to its caller goes on with that one's
 * message. Null: nothing was ever said, or nothing of it is kept.
 */
export async function newestAnswer({ members, runs, log }: Reads, of: ConversationKey): Promise<Answer | null> {
  const places = await members.page(of, null, newest)
  const found = (await runs.find(places.map(({ channel }) => ({ account: of.account, channel })))).flatMap(
    (run) => run ?? [],
  )
  const [latest, ...earlier] = found
  if (latest === undefined) return null
  const chain: [Run, ...Run[]] = [latest]
  for (const run of earlier) {
    if (!(await goesOn(log, chain[0].key))) break
    if (isEnded(run.status) && run.result?.finishReason === 'activity') chain.unshift(run)
  }
  const [isKept] = await log.heads([chain[0].key])
  return isKept == null ? null : { runs: chain }
}

/** Whether a dispatch brings nothing but answers to calls. */
async function goesOn(log: Reads['log'], key: ChannelKey): Promise<boolean> {
  const page = await log.read(key, null, { maxEntries: 1, maxBytes: 1 })
  const event = page?.entries[0]?.event
  return event !== undefined && answeredBy(event).size > 0
}

/** The calls that a dispatch answers with its own messages. Empty for a dispatch that brings anything else. */
export function answeredBy(event: ChannelEvent): ReadonlySet<string> {
  if (event.type !== 'dispatch-queued' || !event.messages.every(isResponse)) return new Set()
  return new Set(event.messages.map(callOf))
}

function isResponse({ type, meta }: Message): boolean {
  const activity = type === 'activity' ? (meta?.['activity'] as Activity | undefined) : undefined
  return activity?.type === 'response' && activity.id !== undefined
}

function callOf({ meta }: Message): string {
  return (meta?.['activity'] as Activity | undefined)?.id ?? ''
}

interface Activity {
  readonly type?: string
  readonly id?: string
}

/** The id of the assistant's message, the same for every stream that tells of it. */
export function messageIdOf(first: ChannelId): string {
  return `answer_${first}`
}
