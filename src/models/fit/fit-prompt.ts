import type { PromptMessage } from '../model.ts'
import { fitCallIds } from './call-ids.ts'
import type { HistoryRules } from './history-rules.ts'
import { fitReasoning } from './reasoning.ts'
import { resultsBehindCalls } from './results-behind-calls.ts'
import { fitRoles } from './roles.ts'
import { wellFormed } from './well-formed.ts'

/**
 * The conversation as its provider takes it. Only what is sent changes: what is stored stays as it was said. The same
 * prompt always becomes the same, and what is added behind it changes nothing before it, which caches and bindings of
 * thinking to what stood before it rely on.
 */
export function fitPrompt(
  prompt: readonly PromptMessage[],
  rules: HistoryRules,
  forced: string | null,
): readonly PromptMessage[] {
  const said = fitReasoning(resultsBehindCalls(wellFormed(prompt)), rules.reasoning)
  return fitCallIds(fitRoles(said, rules, forced), rules.callIds)
}
