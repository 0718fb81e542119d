import type { PromptMessage } from '../model.ts'
import { fitCallIds } from './call-ids.ts'
import { fitSignatures } from './call-signatures.ts'
import type { HistoryRules } from './history-rules.ts'
import { fitReasoning } from './reasoning.ts'
import { resultsAfterCalls } from './results-after-calls.ts'
import { fitRoles } from './roles.ts'
import { wellFormed } from './well-formed.ts'

/**
 * Adapts the conversation to its provider. Only the request changes; what is stored stays as it was said. The same prompt
 * always gives the same result, and an addition at its end changes nothing before it: prompt caches and thinking that is
 * bound to the preceding text rely on that.
 */
export function fitPrompt(
  prompt: readonly PromptMessage[],
  rules: HistoryRules,
  forced: string | null,
): readonly PromptMessage[] {
  const said = fitReasoning(resultsAfterCalls(wellFormed(prompt)), rules.reasoning)
  return fitSignatures(fitCallIds(fitRoles(said, rules, forced), rules.callIds), rules.signatures)
}
