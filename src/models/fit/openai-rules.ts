import type { FileRules } from './file-rules.ts'
import type { HistoryRules } from './history-rules.ts'
import type { ProviderRules } from './provider-rules.ts'
import type { RuleRow } from './rule-row.ts'
import type { ToolSchemaRules } from './tool-schema-rules.ts'

const date = '2026-11-30'

const responses: readonly RuleRow<HistoryRules>[] = [
  {
    name: 'OpenAI, responses',
    match: {},
    rules: { reasoning: 'signed', callIds: 'letters64' },
    source: 'https://developers.openai.com/api/docs/guides/reasoning',
    date,
  },
]

const chat: readonly RuleRow<HistoryRules>[] = [
  {
    name: 'OpenAI, chat completions',
    match: {},
    rules: { callIds: 'letters40' },
    source: 'https://platform.openai.com/docs/api-reference/chat/create',
    date,
  },
]

const tools: readonly RuleRow<ToolSchemaRules>[] = [
  {
    name: 'OpenAI',
    match: {},
    rules: { conditionsOnTop: false, needsItems: true, description: 1024 },
    source: 'https://github.com/langchain-ai/langchainjs/issues/9804',
    date,
  },
]

const files: readonly RuleRow<FileRules>[] = [
  {
    name: 'OpenAI',
    match: {},
    rules: { animations: false, images: 1500 },
    source: 'https://developers.openai.com/api/docs/guides/images-vision',
    date,
  },
]

export const responsesRules: ProviderRules = { history: responses, tools, files }
export const chatRules: ProviderRules = { history: chat, tools, files }
