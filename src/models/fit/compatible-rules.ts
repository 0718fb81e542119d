import { claudeFiles, claudeFrom46, claudeTools } from './claude-rules.ts'
import { beforeBase64, type FileRules } from './file-rules.ts'
import type { HistoryRules } from './history-rules.ts'
import { openAiTools } from './openai-rules.ts'
import type { ProviderRules } from './provider-rules.ts'
import type { RuleRow } from './rule-row.ts'
import type { ToolSchemaRules } from './tool-schema-rules.ts'

const date = '2026-11-30'

const mistral = /mistral|mixtral|ministral|devstral|codestral|magistral|pixtral|voxtral/

/** By the server's host if it is known, otherwise by the model's name, because templates come with the weights. */
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
    name: 'Mistral: ids',
    match: { model: mistral },
    rules: { callIds: 'nine' },
    source: 'https://github.com/karthink/gptel/issues/1203',
    date,
  },
  {
    name: 'Mistral: the last word',
    match: { model: mistral },
    rules: { last: 'user' },
    source: 'https://github.com/huggingface/smolagents/issues/757',
    date,
  },
  {
    name: 'Mistral: after a result',
    match: { model: mistral },
    rules: { userAfterResult: false },
    source: 'https://github.com/avante-corp/avante.nvim/pull/2695',
    date,
  },
  {
    name: 'Mistral, its own server: ids',
    match: { host: /(^|\.)mistral\.ai$/ },
    rules: { callIds: 'nine' },
    source: 'https://github.com/karthink/gptel/issues/1203',
    date,
  },
  {
    name: 'Mistral, its own server: the last word',
    match: { host: /(^|\.)mistral\.ai$/ },
    rules: { last: 'user' },
    source: 'https://github.com/huggingface/smolagents/issues/757',
    date,
  },
  {
    name: 'Mistral, its own server: after a result',
    match: { host: /(^|\.)mistral\.ai$/ },
    rules: { userAfterResult: false },
    source: 'https://github.com/avante-corp/avante.nvim/pull/2695',
    date,
  },
  {
    name: 'Gemma 1 and 2',
    match: { model: /gemma(?!-?n?[34])/ },
    rules: { system: 'user' },
    source: 'https://github.com/huggingface/chat-ui/issues/1386',
    date,
  },
  {
    name: 'Kimi',
    match: { model: /kimi|moonshot/ },
    rules: { reasoning: 'required' },
    source: 'https://github.com/MoonshotAI/kimi-agent-sdk/issues/169',
    date,
  },
  {
    name: 'DeepSeek from 3.1 on',
    match: { model: /deepseek(?!.*(r1|coder|v2|v3(?![.-]?[12])))/ },
    rules: { reasoning: 'required' },
    source: 'https://api-docs.deepseek.com/zh-cn/guides/thinking_mode/',
    date,
  },
  {
    name: 'MiMo',
    match: { model: /mimo/ },
    rules: { reasoning: 'required' },
    source: 'https://github.com/ValueCell-ai/ClawX/discussions/1040',
    date,
  },
  {
    name: 'Models that are known not to be Gemini',
    match: {
      model:
        /llama|qwen|kimi|moonshot|glm|deepseek|gpt|claude|grok|minimax|command|phi-|gemma|mimo|(mis|mix|minis|magis|vox)tral|pixtral|codestral|devstral/,
    },
    rules: { signatures: 'none' },
    source: 'https://github.com/NousResearch/hermes-agent/pull/38543',
    date,
  },
  {
    name: 'Mistral, its own server: signatures',
    match: { host: /(^|\.)mistral\.ai$/ },
    rules: { signatures: 'none' },
    source: 'https://github.com/NousResearch/hermes-agent/pull/38543',
    date,
  },
  {
    name: 'Gemini from 3 on',
    match: { model: /gemini-?([3-9]|\d\d)|gemini-(pro|flash|flash-lite)-latest/ },
    rules: { signatures: 'required' },
    source: 'https://ai.google.dev/gemini-api/docs/thought-signatures',
    date,
  },
  {
    name: 'GLM',
    match: { model: /glm-?(4\.[5-9]|[5-9])/ },
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
  ...openAiTools,
  claudeTools,
  {
    name: 'Kimi',
    match: { model: /kimi|moonshot/ },
    rules: { names: 'letter' },
    source: 'https://github.com/MoonshotAI/kimi-cli/issues/1773',
    date,
  },
  {
    name: 'Kimi: schemas',
    match: { model: /kimi|moonshot/ },
    rules: { typed: true },
    source: 'https://github.com/MoonshotAI/kimi-cli/issues/1595',
    date,
  },
  {
    name: 'Kimi, which thinks',
    match: { model: /kimi|moonshot/ },
    rules: { forcing: false },
    source: 'https://docs.rs/crate/harn-vm/latest/source/src/llm/capability_sources/20-providers/35-moonshot.toml',
    date,
  },
  {
    name: 'Gemini',
    match: { model: /gemini/ },
    rules: { names: 'letter' },
    source: 'https://github.com/kaitranntt/ccs/issues/25',
    date,
  },
  {
    name: 'Gemini: schemas',
    match: { model: /gemini/ },
    rules: { openApi: true },
    source: 'https://github.com/pizza-bot-app/pizza-bot/issues/62',
    date,
  },
]

const files: readonly RuleRow<FileRules>[] = [
  ...claudeFiles,
  {
    name: 'Gemini',
    match: { model: /gemini/ },
    rules: { gifs: false },
    source: 'https://github.com/microsoft/vscode/issues/286628',
    date,
  },
  {
    name: 'Groq',
    match: { host: /(^|\.)groq\.com$/ },
    rules: { images: 5, imageBytes: beforeBase64(4 * 1024 * 1024) },
    source: 'https://console.groq.com/docs/vision',
    date,
  },
  {
    name: 'Qwen',
    match: { model: /qwen|qvq/ },
    rules: { imageMinSide: 11 },
    source: 'https://github.com/QwenLM/qwen-code/issues/2505',
    date,
  },
]

export const compatibleRules: ProviderRules = { history, tools, files }
