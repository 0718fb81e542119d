import type { Activity, Message } from '../message.ts'
import type { AssistantPart, PromptMessage } from './prompt-message.ts'

/** The calls of a transcript, each with its result. */
export interface ActivityPairs {
  /** The calls that begin with this message, after that reasoning; empty if none begin here. `skipped` are not calls. */
  groupAt(index: number, reasoning: readonly AssistantPart[], skipped: ReadonlySet<number>): readonly PromptMessage[]
  /** The call whose request this message is; null where it has no response. */
  callOf(index: number): { readonly request: Activity; readonly response: Activity } | null
}

/**
 * Gives each request and its first later, unused response a common call id. They match by the call's id if both have one,
 * else by the function's name. Adjacent requests become one message of the assistant, followed by their results, as
 * providers require, wherever the responses stand. A request without a response is no call.
 */
export function pairActivities(messages: readonly Message[]): ActivityPairs {
  const activities = messages.map(readActivity)
  const responses = new Map<number, number>()
  const taken = new Set<number>()
  for (const [index, request] of activities.entries()) {
    if (request?.type !== 'request') continue
    const answer = activities.findIndex((other, at) => {
      if (at <= index || other?.type !== 'response' || taken.has(at)) return false
      if (other.function.name !== request.function.name) return false
      return request.id === undefined || other.id === undefined || request.id === other.id
    })
    if (answer === -1) continue
    taken.add(answer)
    responses.set(index, answer)
  }

  const requestAt = (index: number, skipped: ReadonlySet<number>) => {
    const activity = skipped.has(index) ? null : activities[index]
    return activity?.type === 'request' ? activity : null
  }
  const groupAt: ActivityPairs['groupAt'] = (first, reasoning, skipped) => {
    const parts: AssistantPart[] = []
    const results: PromptMessage[] = []
    if (requestAt(first - 1, skipped) !== null) return []
    for (let at = first; ; at++) {
      const request = requestAt(at, skipped)
      if (request === null) break
      const response = activities[responses.get(at) ?? -1]
      if (response == null) continue
      const { name } = request.function
      const callId = `call_${at}`
      parts.push({ type: 'call', callId, name, arguments: request.function.arguments ?? {} })
      results.push({ role: 'tool', callId, name, result: response.function.result ?? null })
    }
    return parts.length === 0 ? [] : [{ role: 'assistant', parts: [...reasoning, ...parts] }, ...results]
  }
  return {
    groupAt,
    callOf(index) {
      const request = activities[index]
      const response = activities[responses.get(index) ?? -1]
      return request?.type === 'request' && response != null ? { request, response } : null
    },
  }
}

function readActivity(message: Message | undefined): Activity | null {
  if (message?.type !== 'activity') return null
  // Checked where the message came in: `activityMeta` in dispatch-input.ts.
  return (message.meta?.['activity'] as Activity | undefined) ?? null
}
