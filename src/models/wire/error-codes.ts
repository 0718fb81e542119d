import type { ErrorReading } from './error-rows.ts'

const groq = 'https://console.groq.com/docs/errors'
export interface CodeRow {
  readonly code: string
  readonly read: ErrorReading
  /** True: the code decides even if the status says something else. */
  readonly beatsStatus?: boolean
  readonly who: string
  readonly source: string
}

const openai = 'https://platform.openai.com/docs/guides/error-codes'
const anthropic = 'https://platform.claude.com/docs/en/api/errors'
const moonshot = 'https://platform.kimi.com/docs/api/errors'
const gemini = 'https://ai.google.dev/gemini-api/docs/troubleshooting'
const azure = 'https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter'
const textGeneration = 'https://github.com/huggingface/text-generation-inference/blob/main/router/src/infer/mod.rs'

const zai = 'https://docs.z.ai/api-reference/api-code'
const minimax = 'https://platform.minimax.io/docs/api-reference/errorcode'
const alibaba = 'https://www.alibabacloud.com/help/en/model-studio/error-code'

/** Codes and types of errors, in lower case: in a body beside a status, or in an event of a stream. */
export const codeRows: readonly CodeRow[] = [
  { code: 'tool_use_failed', read: 'passing', beatsStatus: true, who: 'Groq, 400: one bad sample', source: groq },
  { code: 'output_parse_failed', read: 'passing', beatsStatus: true, who: 'Groq, 400: one bad sample', source: groq },
  { code: 'capacity_exceeded', read: 'passing', beatsStatus: true, who: 'Groq, 498', source: groq },
  {
    code: 'insufficient_quota',
    read: 'hopeless',
    beatsStatus: true,
    who: 'OpenAI, 429: no money left',
    source: openai,
  },
  { code: 'billing_hard_limit_reached', read: 'hopeless', beatsStatus: true, who: 'OpenAI, 429', source: openai },
  { code: 'billing_not_active', read: 'hopeless', beatsStatus: true, who: 'OpenAI, 429', source: openai },
  { code: 'exceeded_current_quota_error', read: 'hopeless', beatsStatus: true, who: 'Moonshot, 429', source: moonshot },
  { code: 'content_filter', read: 'refused', beatsStatus: true, who: 'Azure, Moonshot', source: azure },
  { code: 'content_policy_violation', read: 'refused', beatsStatus: true, who: 'OpenAI', source: openai },
  { code: 'responsibleaipolicyviolation', read: 'refused', beatsStatus: true, who: 'Azure', source: azure },
  {
    code: 'cancelled',
    read: 'passing',
    beatsStatus: true,
    who: 'Gemini, 499: on its side',
    source: 'https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/api-errors',
  },
  { code: 'data_inspection_failed', read: 'refused', beatsStatus: true, who: 'Alibaba', source: alibaba },
  { code: 'arrearage', read: 'hopeless', beatsStatus: true, who: 'Alibaba, 400: no money left', source: alibaba },
  { code: 'organization_restricted', read: 'hopeless', beatsStatus: true, who: 'Groq, 400', source: groq },
  { code: 'model_decommissioned', read: 'hopeless', beatsStatus: true, who: 'Groq, 400', source: groq },
  { code: '1113', read: 'hopeless', beatsStatus: true, who: 'Z.ai, 429: no money left', source: zai },
  { code: '1304', read: 'hopeless', beatsStatus: true, who: 'Z.ai, 429: the day’s limit', source: zai },
  { code: '1308', read: 'hopeless', beatsStatus: true, who: 'Z.ai, 429: the plan’s limit', source: zai },
  { code: '1309', read: 'hopeless', beatsStatus: true, who: 'Z.ai, 429: the plan is over', source: zai },
  { code: '1310', read: 'hopeless', beatsStatus: true, who: 'Z.ai, 429: the week’s or month’s limit', source: zai },
  { code: '1301', read: 'refused', beatsStatus: true, who: 'Z.ai: unsafe content', source: zai },
  { code: 'base_resp 1000', read: 'passing', who: 'MiniMax', source: minimax },
  { code: 'base_resp 1001', read: 'passing', who: 'MiniMax: timeout', source: minimax },
  { code: 'base_resp 1002', read: 'throttled', who: 'MiniMax', source: minimax },
  { code: 'base_resp 1004', read: 'hopeless', who: 'MiniMax: the key', source: minimax },
  { code: 'base_resp 1008', read: 'hopeless', who: 'MiniMax: no money left', source: minimax },
  { code: 'base_resp 1024', read: 'passing', who: 'MiniMax', source: minimax },
  { code: 'base_resp 1026', read: 'refused', who: 'MiniMax: unsafe input', source: minimax },
  { code: 'base_resp 1027', read: 'refused', who: 'MiniMax: unsafe output', source: minimax },
  { code: 'base_resp 1033', read: 'passing', who: 'MiniMax', source: minimax },
  { code: 'base_resp 1039', read: 'throttled', who: 'MiniMax: tokens a minute', source: minimax },
  { code: 'base_resp 1041', read: 'throttled', who: 'MiniMax', source: minimax },
  { code: 'base_resp 2013', read: 'refused', who: 'MiniMax', source: minimax },
  { code: 'base_resp 2049', read: 'hopeless', who: 'MiniMax: the key', source: minimax },
  { code: 'base_resp 2056', read: 'hopeless', who: 'MiniMax: the plan’s limit', source: minimax },
  { code: 'invalid_request_error', read: 'refused', who: 'OpenAI, Anthropic and others', source: openai },
  { code: 'invalid_prompt', read: 'refused', who: 'OpenAI responses', source: openai },
  { code: 'context_length_exceeded', read: 'refused', who: 'OpenAI and others', source: openai },
  { code: 'request_too_large', read: 'refused', who: 'Anthropic', source: anthropic },
  {
    code: 'badrequesterror',
    read: 'refused',
    who: 'vLLM, SGLang',
    source: 'https://github.com/sgl-project/sglang/pull/21900',
  },
  {
    code: 'exceed_context_size_error',
    read: 'refused',
    who: 'llama.cpp',
    source: 'https://github.com/ggml-org/llama.cpp/issues/14566',
  },
  { code: 'validation', read: 'refused', who: 'text-generation-inference, Together', source: textGeneration },
  { code: 'invalid_argument', read: 'refused', who: 'Gemini', source: gemini },
  { code: 'failed_precondition', read: 'refused', who: 'Gemini', source: gemini },
  { code: 'authentication_error', read: 'hopeless', who: 'Anthropic', source: anthropic },
  { code: 'invalid_api_key', read: 'hopeless', who: 'OpenAI', source: openai },
  { code: 'invalid_authentication_error', read: 'hopeless', who: 'Moonshot', source: moonshot },
  { code: 'incorrect_api_key_error', read: 'hopeless', who: 'Moonshot', source: moonshot },
  { code: 'unauthenticated', read: 'hopeless', who: 'Gemini', source: gemini },
  { code: 'permission_error', read: 'hopeless', who: 'Anthropic', source: anthropic },
  { code: 'permission_denied', read: 'hopeless', who: 'Gemini', source: gemini },
  { code: 'billing_error', read: 'hopeless', who: 'Anthropic', source: anthropic },
  { code: 'not_found_error', read: 'hopeless', who: 'Anthropic', source: anthropic },
  { code: 'not_found', read: 'hopeless', who: 'Gemini', source: gemini },
  { code: 'model_not_found', read: 'hopeless', who: 'OpenAI', source: openai },
  { code: 'rate_limit_error', read: 'throttled', who: 'Anthropic', source: anthropic },
  { code: 'rate_limit_exceeded', read: 'throttled', who: 'OpenAI, Groq', source: openai },
  { code: 'rate_limit_reached_error', read: 'throttled', who: 'Moonshot', source: moonshot },
  { code: 'resource_exhausted', read: 'throttled', who: 'Gemini', source: gemini },
  { code: 'overloaded_error', read: 'passing', who: 'Anthropic', source: anthropic },
  { code: 'api_error', read: 'passing', who: 'Anthropic', source: anthropic },
  { code: 'timeout_error', read: 'passing', who: 'Anthropic', source: anthropic },
  { code: 'server_error', read: 'passing', who: 'OpenAI', source: openai },
  { code: 'internal_server_error', read: 'passing', who: 'Groq and others', source: groq },
  {
    code: 'internalservererror',
    read: 'passing',
    who: 'vLLM',
    source: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
  },
  { code: 'engine_overloaded_error', read: 'passing', who: 'Moonshot', source: moonshot },
  { code: 'overloaded', read: 'passing', who: 'text-generation-inference', source: textGeneration },
  { code: 'generation', read: 'passing', who: 'text-generation-inference', source: textGeneration },
  { code: 'incomplete_generation', read: 'passing', who: 'text-generation-inference', source: textGeneration },
  { code: 'unavailable', read: 'passing', who: 'Gemini', source: gemini },
  { code: 'internal', read: 'passing', who: 'Gemini', source: gemini },
  { code: 'deadline_exceeded', read: 'passing', who: 'Gemini', source: gemini },
]
