import { resultOf } from '../activity.ts'
import type { ProviderPart } from '../event.ts'
import type { CallState, Turn } from '../fold.ts'
import type { AssistantPart, PromptMessage } from './prompt-message.ts'

/** A turn of the model's and what its calls came to. */
export type SpokenTurn = Pick<Turn, 'messages' | 'parts'> & { readonly calls: readonly SpokenCall[] }

export type SpokenCall = Pick<CallState, 'providerCallId' | 'outcome'> & {
  readonly call: Pick<CallState['call'], 'id' | 'name' | 'arguments'>
}

/** The turn as its provider wants it back. `taken`: ids of calls that stand in the prompt already; those of the turn are added. */
export function turnPrompt(turn: SpokenTurn, taken: Set<string>): readonly PromptMessage[] {
  const ids = callIds(turn, taken)
  const parts = assistantParts(turn, ids)
  return [...(parts.length > 0 ? [{ role: 'assistant', parts } as const] : []), ...results(turn, ids)]
}

/** The provider's own id of each call, or ours where the provider has used its own before. */
function callIds(turn: SpokenTurn, taken: Set<string>): ReadonlyMap<string, string> {
  return new Map(
    turn.calls.map(({ call, providerCallId }) => {
      const id = providerCallId === '' || taken.has(providerCallId) ? call.id : providerCallId
      taken.add(id)
      return [call.id, id]
    }),
  )
}

/** The model's own turn, given back as its provider wants it. */
function assistantParts(turn: SpokenTurn, ids: ReadonlyMap<string, string>): readonly AssistantPart[] {
  const texts = new Map(turn.messages.map(({ id, text }) => [id, text]))
  const calls = new Map(turn.calls.map(({ call }) => [call.id, call]))
  return (turn.parts ?? plainParts(turn)).flatMap((part): readonly AssistantPart[] => {
    const metadata = part.metadata === null ? {} : { metadata: part.metadata }
    if (part.type === 'call') {
      const call = calls.get(part.callId)
      if (call === undefined) return []
      const callId = ids.get(call.id) ?? call.id
      return [{ type: 'call', callId, name: call.name, arguments: call.arguments ?? {}, ...metadata }]
    }
    const text = texts.get(part.messageId ?? '') ?? ''
    return text === '' && part.metadata === null ? [] : [{ type: part.type, text, ...metadata }]
  })
}

function plainParts({ messages, calls }: SpokenTurn): readonly ProviderPart[] {
  return [
    ...messages.map(({ id, type }) => {
      return { type: type === 'bot' ? 'text' : 'reasoning', messageId: id, metadata: null } as const
    }),
    ...calls.map(({ call }) => ({ type: 'call', callId: call.id, metadata: null }) as const),
  ]
}

/** What each call of the turn came to, as the model is told. Calls without an outcome are on their way to the run's caller. */
function results({ calls }: SpokenTurn, ids: ReadonlyMap<string, string>): readonly PromptMessage[] {
  return calls.flatMap(({ call, outcome }) => {
    if (outcome === null) return []
    return [{ role: 'tool', callId: ids.get(call.id) ?? call.id, name: call.name, result: resultOf(outcome) }]
  })
}
