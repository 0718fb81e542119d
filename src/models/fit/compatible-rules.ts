import { claudeFiles, claudeFrom46, claudeTools } from './claude-rules.ts'
import { beforeBase64, type FileRules } from './file-rules.ts'
import type { HistoryRules } from './history-rules.ts'
import type { ProviderRules } from './provider-rules.ts'
import type { RuleRow } from './rule-row.ts'
import type { ToolSchemaRules } from './tool-schema-rules.ts'

const date = '2026-11-30'

const mistral = /mistral|mixtral|ministral|devstral|codestral|magistral|pixtral|voxtral/

/** By the server's host where it is a known one, else by the model's name: templates come with the weights. */
const history: readonly RuleRow<HistoryRules>[] = [
  {
    name: 'A compatible server',
    match: {},
    rules: { callIds: 'letters40', first: 'user', alternates: true },
    source: 'https://github.com/vllm-project/vllm/issues/6862',
    date,
  },
  claudeFrom46,
  {
    name: 'Mistral',
    match: { model: mistral },
    rules: { callIds: 'nine', last: 'user', userAfterResult: false },
    source: 'https://github.com/anomalyco/opencode/issues/1680',
    date,
  },
  {
    name: 'Mistral, its own server',
    match: { host: /(^|\.)mistral\.ai$/ },
    rules: { callIds: 'nine', last: 'user', userAfterResult: false },
    source: 'https://docs.mistral.ai/api',
    date,
  },
  {
    name: 'Gemma 1 and 2',
    match: { model: /gemma(?!-?n?[34])/ },
    rules: { system: 'user' },
    source: 'https://huggingface.co/google/gemma-2-9b-it/blob/main/tokenizer_config.json',
    date,
  },
  {
    name: 'Kimi',
    match: { model: /kimi|moonshot/ },
    rules: { reasoning: 'required' },
    source: 'https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model',
    date,
  },
  {
    name: 'DeepSeek from 3.1 on',
    match: { model: /deepseek(?!.*(r1|coder|v2|v3(?![.-]?[12])))/ },
    rules: { reasoning: 'required' },
    source: 'https://api-docs.deepseek.com/guides/thinking_mode',
    date,
  },
  {
    name: 'MiMo',
    match: { model: /mimo/ },
    rules: { reasoning: 'required' },
    source: 'https://platform.xiaomimimo.com/docs/usage-guide/passing-back-reasoning_content',
    date,
  },
  {
    name: 'GLM and MiniMax',
    match: { model: /glm-?(4\.[5-9]|[5-9])|minimax/ },
    rules: { reasoning: 'words' },
    source: 'https://docs.z.ai/guides/capabilities/thinking-mode',
    date,
  },
  {
    name: 'Groq',
    match: { host: /(^|\.)groq\.com$/ },
    rules: { reasoning: 'none' },
    source: 'https://github.com/tashfeenahmed/freellmapi/issues/1070',
    date,
  },
  {
    name: 'Cerebras',
    match: { host: /(^|\.)cerebras\.ai$/ },
    rules: { reasoning: 'none' },
    source: 'https://github.com/QwenLM/qwen-code/issues/11045',
    date,
  },
]

const tools: readonly RuleRow<ToolSchemaRules>[] = [
  {
    name: 'A compatible server',
    match: {},
    rules: { conditionsOnTop: false, needsItems: true, description: 1024 },
    source: 'https://github.com/streamnative/streamnative-mcp-server/issues/26',
    date,
  },
  claudeTools,
  {
    name: 'Kimi',
    match: { model: /kimi|moonshot/ },
    rules: { names: 'letter' },
    source: 'https://platform.moonshot.ai/docs/api/tool-use',
    date,
  },
  {
    name: 'Gemini',
    match: { model: /gemini/ },
    rules: { names: 'letter', propertyNames: 'letters' },
    source: 'https://ai.google.dev/api/caching#FunctionDeclaration',
    date,
  },
]

const files: readonly RuleRow<FileRules>[] = [
  claudeFiles,
  {
    name: 'Groq',
    match: { host: /(^|\.)groq\.com$/ },
    rules: { imageBytes: beforeBase64(4 * 1024 * 1024), images: 5 },
    source: 'https://console.groq.com/docs/vision',
    date,
  },
]

export const compatibleRules: ProviderRules = { history, tools, files }
