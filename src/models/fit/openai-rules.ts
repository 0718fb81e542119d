import type { HistoryRules } from './history-rules.ts'
import type { ProviderRules } from './provider-rules.ts'
import type { RuleRow } from './rule-row.ts'
import type { ToolSchemaRules } from './tool-schema-rules.ts'

const date = '2026-11-30'

const responses: readonly RuleRow<HistoryRules>[] = [
  {
    name: 'OpenAI, responses',
    match: {},
    rules: { reasoning: 'signed' },
    source: 'https://github.com/openai/openai-node/issues/1567',
    date,
  },
  {
    name: 'OpenAI, responses: ids',
    match: {},
    rules: { callIds: 'letters64' },
    source: 'https://github.com/openclaw/openclaw/pull/875',
    date,
  },
]

const chat: readonly RuleRow<HistoryRules>[] = [
  {
    name: 'OpenAI, chat completions',
    match: {},
    rules: { callIds: 'letters40' },
    source: 'https://github.com/vercel/ai/issues/5171',
    date,
  },
]

/** OpenAI's rules, which most servers follow. */
export const openAiTools: readonly RuleRow<ToolSchemaRules>[] = [
  {
    name: 'Functions as OpenAI takes them: schemas',
    match: {},
    rules: { conditionsOnTop: false },
    source: 'https://github.com/langchain-ai/langchainjs/issues/9804',
    date,
  },
  {
    name: 'Functions as OpenAI takes them: names of properties',
    match: {},
    rules: { schemaOfNames: false },
    source: 'https://github.com/Signet-AI/signetai/pull/449',
    date,
  },
  {
    name: 'Functions as OpenAI takes them: arrays',
    match: {},
    rules: { needsItems: true },
    source: 'https://github.com/streamnative/streamnative-mcp-server/issues/26',
    date,
  },
  {
    name: 'Functions as OpenAI takes them: descriptions',
    match: {},
    rules: { description: 1024 },
    source: 'https://github.com/getsentry/sentry-mcp/issues/106',
    date,
  },
]

export const responsesRules: ProviderRules = { history: responses, tools: openAiTools, files: [] }
export const chatRules: ProviderRules = { history: chat, tools: openAiTools, files: [] }
