import { parseResourceId } from '../../../kernel/ids.ts'

/** Who answers, as the path says: `default`, a bot's id, or the name of a model as dispatches take it. */
export function agentOf(text: string): { readonly botId?: string; readonly model?: string } {
  if (text === 'default') return {}
  return parseResourceId(text) === null ? { model: text } : { botId: text }
}
