import type { EarlierTurn } from '../event.ts'
import type { Message } from '../message.ts'
import type { ActivityPairs } from './activity-pairs.ts'
import type { SpokenCall, SpokenTurn } from './turn-prompt.ts'

/** Turns of a transcript, found again among its messages. */
export interface EarlierPrompt {
  /** By the index of the first message of each. */
  readonly turns: ReadonlyMap<number, SpokenTurn>
  /** Indices of all messages that the turns stand for. */
  readonly members: ReadonlySet<number>
}

/** Puts the turns of earlier dispatches, of which their provider wants more back than messages, in their messages' place. */
export function earlierPrompt(
  earlier: readonly EarlierTurn[],
  messages: readonly Message[],
  pairs: ActivityPairs,
): EarlierPrompt {
  const places = new Map(messages.map(({ id }, index) => [id, index]))
  const requests = new Map<string, number>()
  for (const index of messages.keys()) {
    const id = pairs.callOf(index)?.request.id
    if (id !== undefined) requests.set(id, index)
  }
  const turns = new Map<number, SpokenTurn>()
  const members = new Set<number>()
  for (const { parts, providerCallIds } of earlier) {
    const said = parts.flatMap((part) => (part.type === 'call' ? [] : (places.get(part.messageId ?? '') ?? [])))
    const called = parts.flatMap((part) => (part.type === 'call' ? (requests.get(part.callId) ?? []) : []))
    const own = [...said, ...called]
    if (own.length === 0) continue
    const turnMessages = said.flatMap((index) => messages[index] ?? [])
    const calls = called.flatMap((index): readonly SpokenCall[] => {
      const call = pairs.callOf(index)
      const id = call?.request.id
      if (call === null || id === undefined) return []
      const { name, arguments: given } = call.request.function
      const outcome = { kind: 'completed', data: call.response.function.result ?? null } as const
      return [{ call: { id, name, arguments: given }, providerCallId: providerCallIds[id] ?? '', outcome }]
    })
    turns.set(Math.min(...own), { messages: turnMessages, calls, parts })
    for (const index of own) members.add(index)
  }
  return { turns, members }
}
