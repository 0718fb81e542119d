import { takenBy } from '../judge-line.ts'
import type { Entry, JudgedMessage } from '../judge-log.ts'
import type { AskedWords } from '../played-provider.ts'

/** These end a run although there are messages that no model has read. */
const unread = /^(iteration|tokens|activity|abort)$/

/** A message is known to providers by its id, which is its only word. */
export interface Steered {
  readonly log: readonly Entry[]
  /** Of the dispatch's model calls, in any order. */
  readonly asked: readonly AskedWords[]
  /** Ids of messages that whoever handed them over was told are in. */
  readonly acknowledged: readonly string[]
}

/**
 * Run 26 and 27: what people say to a run that goes on is in its log once. Each model call was asked with the transcript that it began with, its
 * own messages, and of the added ones all up to some place: so each is first in one call. A run that completes has asked with all of them.
 */
export function judgeAsked({ log, asked, acknowledged }: Steered): string[] {
  const wrong: string[] = []
  const added = idsOf(messagesIn(log, 'messages-added'))
  const twice = added.filter((id, index) => added.indexOf(id) !== index)
  if (twice.length > 0) wrong.push(`${twice} was added twice`)
  const missing = acknowledged.filter((id) => !added.includes(id))
  if (missing.length > 0) wrong.push(`${missing} was acknowledged, and is not in the log`)
  const first = idsOf([...takenBy({ log }), ...messagesIn(log, 'dispatch-queued')])
  for (const { words } of asked) {
    const heard = words.slice(first.length)
    if (words.slice(0, first.length).join() !== first.join() || heard.join() !== added.slice(0, heard.length).join()) {
      wrong.push(`a model was asked with ${words}; the log has ${first}, and then ${added}`)
    }
  }
  const ending = log.at(-1)
  const all = first.length + added.length
  const isRead = added.length === 0 || asked.some(({ words }) => words.length === all)
  if (ending?.kind === 'dispatch-completed' && !unread.test(ending.event.result?.finishReason ?? '') && !isRead) {
    wrong.push(`it has completed, and no model was asked with all of ${added}`)
  }
  return wrong
}

function messagesIn(log: readonly Entry[], kind: string): readonly JudgedMessage[] {
  return log.flatMap((entry) => (entry.kind === kind ? (entry.event.messages ?? []) : []))
}

function idsOf(messages: readonly JudgedMessage[]): readonly string[] {
  return messages.filter(({ type }) => type === 'user').map(({ id }) => id)
}
