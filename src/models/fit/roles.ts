import type { PromptMessage } from '../model.ts'
import type { HistoryRules } from './history-rules.ts'

/** Our own text for a role that the provider requires and that said nothing. */
const bridges = {
  first: 'Begin.',
  last: 'Continue.',
  afterResult: 'Done.',
  forced: (name: string) => `Now call the function ${name}.`,
} as const

type Prompt = readonly PromptMessage[]

/** Arranges the roles as the provider requires. `forced` is the function that the model must call. */
export function fitRoles(prompt: Prompt, rules: HistoryRules, forced: string | null): Prompt {
  const spoken = rules.system === 'user' ? systemInUsersPlace(prompt) : prompt
  const merged = rules.alternates ? neighboursMerged(spoken) : spoken
  const bridged = rules.userAfterResult ? merged : merged.flatMap(bridgedAfterResult)
  const begun = rules.first === 'user' ? begunByUser(bridged) : bridged
  return rules.last === 'user' ? endedByUser(begun, forced) : begun
}

function systemInUsersPlace(prompt: Prompt): Prompt {
  const system = prompt.flatMap((message) => (message.role === 'system' ? [message.text] : []))
  const others = prompt.filter(({ role }) => role !== 'system')
  return system.length === 0 ? prompt : neighboursMerged([{ role: 'user', text: system.join('\n\n') }, ...others])
}

function neighboursMerged(prompt: Prompt): Prompt {
  const merged: PromptMessage[] = []
  for (const message of prompt) {
    const last = merged.at(-1)
    const both = last === undefined ? null : merge(last, message)
    if (both === null) merged.push(message)
    else merged[merged.length - 1] = both
  }
  return merged
}

function merge(one: PromptMessage, other: PromptMessage): PromptMessage | null {
  if (one.role === 'user' && other.role === 'user') {
    const files = [...(one.files ?? []), ...(other.files ?? [])]
    return { role: 'user', text: `${one.text}\n\n${other.text}`, ...(files.length > 0 && { files }) }
  }
  if (one.role === 'assistant' && other.role === 'assistant') {
    return { role: 'assistant', parts: [...one.parts, ...other.parts] }
  }
  return null
}

function bridgedAfterResult(message: PromptMessage, index: number, prompt: Prompt): Prompt {
  if (message.role !== 'user' || prompt[index - 1]?.role !== 'tool') return [message]
  return [{ role: 'assistant', parts: [{ type: 'text', text: bridges.afterResult }] }, message]
}

function begunByUser(prompt: Prompt): Prompt {
  const first = prompt.findIndex(({ role }) => role !== 'system')
  if (prompt[first]?.role === 'user') return prompt
  const at = first === -1 ? prompt.length : first
  return [...prompt.slice(0, at), { role: 'user', text: bridges.first }, ...prompt.slice(at)]
}

function endedByUser(prompt: Prompt, forced: string | null): Prompt {
  if (prompt.at(-1)?.role !== 'assistant') return prompt
  return [...prompt, { role: 'user', text: forced === null ? bridges.last : bridges.forced(forced) }]
}
