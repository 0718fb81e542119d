import { isClaudeFrom46 } from './destination.ts'
import { beforeBase64, type FileRules } from './file-rules.ts'
import type { HistoryRules } from './history-rules.ts'
import type { ProviderRules } from './provider-rules.ts'
import type { RuleRow } from './rule-row.ts'
import type { ToolSchemaRules } from './tool-schema-rules.ts'

const date = '2026-11-30'

/** Rules for Claude, wherever it is served. */
export const claudeFrom46: RuleRow<HistoryRules> = {
  name: 'Claude from 4.6 on',
  match: { model: isClaudeFrom46 },
  rules: { last: 'user' },
  source: 'https://platform.claude.com/docs/en/about-claude/models/migration-guide',
  date,
}

export const claudeTools: RuleRow<ToolSchemaRules> = {
  name: 'Claude',
  match: { model: /claude/ },
  rules: { conditionsOnTop: false, propertyNames: 'letters' },
  source: 'https://platform.claude.com/docs/en/managed-agents/self-hosted-sandboxes',
  date,
}

const history: readonly RuleRow<HistoryRules>[] = [
  {
    name: 'Anthropic',
    match: {},
    rules: { reasoning: 'signed', callIds: 'letters64', first: 'user' },
    source: 'https://platform.claude.com/docs/en/api/messages',
    date,
  },
  {
    name: 'Anthropic, thinking',
    match: { thinking: 'on' },
    rules: { last: 'user' },
    source: 'https://platform.claude.com/docs/en/build-with-claude/extended-thinking',
    date,
  },
  {
    name: 'Anthropic, thinking turned off',
    match: { thinking: 'off' },
    rules: { reasoning: 'none' },
    source:
      'https://platform.claude.com/docs/build-with-claude/preserved-thinking/fix-bound-to-a-different-conversation',
    date,
  },
  claudeFrom46,
]

export const claudeFiles: RuleRow<FileRules> = {
  name: 'Claude',
  match: { model: /claude/ },
  rules: { imageBytes: beforeBase64(5 * 1024 * 1024), imageSide: 8000, images: 100 },
  source: 'https://platform.claude.com/docs/en/build-with-claude/vision',
  date,
}

export const anthropicRules: ProviderRules = {
  history,
  tools: [{ ...claudeTools, name: 'Anthropic', match: {} }],
  files: [{ ...claudeFiles, name: 'Anthropic', match: {} }],
}
