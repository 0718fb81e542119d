import type { FileRules } from './file-rules.ts'
import type { HistoryRules } from './history-rules.ts'
import type { RuleRow } from './rule-row.ts'
import type { ToolSchemaRules } from './tool-schema-rules.ts'

/** All that is known of what a provider takes. */
export interface ProviderRules {
  readonly history: readonly RuleRow<HistoryRules>[]
  readonly tools: readonly RuleRow<ToolSchemaRules>[]
  readonly files: readonly RuleRow<FileRules>[]
}
