import type { ChannelEvent } from '../../conversation/event.ts'
import type { Activity, Message } from '../../conversation/message.ts'
import { isEnded } from '../../conversation/run-status.ts'
import type { IndexPlace } from '../../dispatch/dispatch-index.ts'
import type { Run } from '../../dispatch/run.ts'
import { Failure } from '../../kernel/errors.ts'
import type { ChannelId, ChannelKey, ConversationKey } from '../../kernel/ids.ts'
import type { Services } from '../services.ts'

/** The newest message of the assistant. */
export interface Answer {
  /** The same in every stream that tells of it: it follows from the first dispatch. */
  readonly messageId: string
  /** The dispatches that tell it, in order, as far as their logs are kept. */
  readonly runs: readonly [Run, ...Run[]]
}

/** How many of the newest dispatches are looked at: at once, and at most. A line has 100 places. */
const [atOnce, most] = [8, 200]

type Reads = Pick<Services, 'members' | 'runs' | 'log'>

/**
 * The newest answer of a conversation. A dispatch that brings nothing but results of calls goes on with the message of the one before, which has
 * left the calls to its caller. Null: nothing was ever said, or nothing of it is kept.
 */
export async function newestAnswer(reads: Reads, of: ConversationKey): Promise<Answer | null> {
  const chain: Run[] = []
  const kept: Run[] = []
  for await (const run of newestRuns(reads, of)) {
    if (chain.length > 0 && !(isEnded(run.status) && run.result?.finishReason === 'activity')) continue
    chain.unshift(run)
    const first = await firstEvent(reads.log, run.key)
    if (first === null) break
    kept.unshift(run)
    if (answeredBy(first).size === 0) break
  }
  const [begun] = chain
  const [first, ...others] = kept
  if (begun === undefined || first === undefined) return null
  return { messageId: messageIdOf(begun.key.channel), runs: [first, ...others] }
}

async function* newestRuns({ members, runs }: Reads, of: ConversationKey): AsyncGenerator<Run, void> {
  let before: IndexPlace | null = null
  for (let seen = 0; seen < most; seen += atOnce) {
    const places: readonly IndexPlace[] = await members.page(of, before, atOnce)
    for (const run of await runs.find(places.map(({ channel }) => ({ account: of.account, channel })))) {
      if (run != null) yield run
    }
    before = places.at(-1) ?? null
    if (places.length < atOnce) return
  }
}

/** Null: the log is not kept any more. */
async function firstEvent(log: Reads['log'], key: ChannelKey): Promise<ChannelEvent | null> {
  try {
    const page = await log.read(key, null, { maxEntries: 1, maxBytes: 1 })
    return page?.entries[0]?.event ?? null
  } catch (error) {
    if (error instanceof Failure && error.code === 'CURSOR_EXPIRED') return null
    throw error
  }
}

/** The calls that a dispatch answers with its own messages. Empty for a dispatch that brings anything else. */
export function answeredBy(event: ChannelEvent): ReadonlySet<string> {
  if (event.type !== 'dispatch-queued') return new Set()
  const answered = event.messages.map(answeredCall)
  return new Set(answered.every((id) => id !== null) ? answered : [])
}

function answeredCall({ type, meta }: Message): string | null {
  const activity = type === 'activity' ? (meta?.['activity'] as Activity | undefined) : undefined
  return activity?.type === 'response' ? (activity.id ?? null) : null
}

export function messageIdOf(first: ChannelId): string {
  return `answer_${first}`
}
