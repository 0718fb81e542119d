import { isClaudeBefore46, isClaudeFrom46 } from './destination.ts'
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
  source: 'https://github.com/QwenLM/qwen-code/issues/8039',
  date,
}

export const claudeTools: RuleRow<ToolSchemaRules> = {
  name: 'Claude',
  match: { model: /claude/ },
  rules: { conditionsOnTop: false, propertyNames: 'letters' },
  source: 'https://github.com/diegosouzapw/OmniRoute/issues/13552',
  date,
}

const history: readonly RuleRow<HistoryRules>[] = [
  {
    name: 'Anthropic',
    match: {},
    rules: { reasoning: 'signed' },
    source: 'https://platform.claude.com/docs/en/build-with-claude/preserved-thinking',
    date,
  },
  {
    name: 'Anthropic: ids',
    match: {},
    rules: { callIds: 'letters64' },
    source: 'https://github.com/anomalyco/opencode/blob/dev/packages/opencode/src/provider/transform.ts',
    date,
  },
  {
    name: 'Anthropic: the first word',
    match: {},
    rules: { first: 'user' },
    source: 'https://github.com/anthropics/anthropic-sdk-typescript/issues/622',
    date,
  },
  {
    name: 'Anthropic, thinking',
    match: { thinking: 'on' },
    rules: { last: 'user' },
    source: 'https://github.com/vybestack/llxprt-code/pull/3695',
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
  {
    name: 'Claude before 4.6, thinking',
    match: { model: isClaudeBefore46, thinking: 'on' },
    rules: { loop: 'thought' },
    source: 'https://github.com/mastra-ai/mastra/issues/7799',
    date,
  },
]

/** What every server of Claude accepts. Anthropic itself accepts more by now. */
export const claudeFiles: readonly RuleRow<FileRules>[] = [
  {
    name: 'Claude: sides and number',
    match: { model: /claude/ },
    rules: { imageSide: 8000, images: 100 },
    source: 'https://platform.claude.com/docs/en/build-with-claude/vision.md',
    date,
  },
  {
    name: 'Claude: many images',
    match: { model: /claude/ },
    rules: { manyImages: { from: 21, side: 2000 } },
    source: 'https://platform.claude.com/docs/en/build-with-claude/vision#request-limits',
    date,
  },
  {
    name: 'Claude: sizes',
    match: { model: /claude/ },
    rules: { imageBytes: beforeBase64(5 * 1024 * 1024) },
    source: 'https://github.com/lobehub/lobehub/pull/14711',
    date,
  },
]

const files: readonly RuleRow<FileRules>[] = [
  ...claudeFiles,
  {
    name: 'Anthropic’s own server',
    match: { host: /(^|\.)anthropic\.com$/ },
    rules: { imageBytes: beforeBase64(10 * 1024 * 1024) },
    source: 'https://github.com/can1357/oh-my-pi/pull/10633',
    date,
  },
]

export const anthropicRules: ProviderRules = {
  history,
  tools: [{ ...claudeTools, name: 'Anthropic', match: {} }],
  files,
}
