import type { AbilityContext, Settings } from '../ability/ability-context.ts'
import { type Json, toText } from '../placeholder/value.ts'

/** The input of an action, with all references resolved. */
export interface ActionInput {
  readonly input: Json
  readonly settings: Settings
  readonly context: AbilityContext
}

/** The main text of an action, and the other keys of its input without empty ones. */
export function inputWith(key: string, input: Json): { readonly main: string; readonly others: Record<string, Json> } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { main: toText(input), others: {} }
  const entries = Object.entries(input)
  return {
    main: toText(entries.find(([name]) => name === key)?.[1]),
    others: Object.fromEntries(entries.filter(([name, value]) => name !== key && value !== null && value !== '')),
  }
}
