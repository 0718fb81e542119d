/**
 * How an error is read. `refused`: the provider refuses this request and will refuse it again. `hopeless`: no request
 * gets through until somebody changes the key, the account or the address. `passing`: another try may succeed.
 * `throttled`: the same, and the provider asks for fewer calls.
 */
export type ErrorReading = 'refused' | 'hopeless' | 'passing' | 'throttled'

export interface StatusRow {
  readonly status: number
  readonly read: ErrorReading
  readonly who: string
  readonly source: string
}

const http = 'https://www.rfc-editor.org/rfc/rfc9110#section-15'
const groq = 'https://console.groq.com/docs/errors'

/** Other statuses: below 500 they mean `refused`, from 500 on `passing`. */
export const statusRows: readonly StatusRow[] = [
  { status: 401, read: 'hopeless', who: 'all', source: http },
  {
    status: 402,
    read: 'hopeless',
    who: 'DeepSeek, OpenRouter',
    source: 'https://api-docs.deepseek.com/quick_start/error_codes',
  },
  { status: 403, read: 'hopeless', who: 'all', source: http },
  { status: 404, read: 'hopeless', who: 'all', source: http },
  { status: 405, read: 'hopeless', who: 'an address that is not the API’s', source: http },
  { status: 407, read: 'hopeless', who: 'a proxy', source: http },
  { status: 408, read: 'passing', who: 'all', source: http },
  { status: 409, read: 'passing', who: 'all', source: http },
  // Groq adds `rate_limit_exceeded` to it when a request is larger than a minute's share.
  { status: 413, read: 'refused', who: 'all', source: http },
  { status: 425, read: 'passing', who: 'all', source: http },
  { status: 429, read: 'throttled', who: 'all', source: http },
  { status: 498, read: 'passing', who: 'Groq, flex tier', source: groq },
  { status: 501, read: 'hopeless', who: 'an address that is not the API’s', source: http },
]

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

/** For codes that are not listed. The first pattern that fits decides; if none fits, the code says nothing. */
export const codePatterns: readonly (readonly [pattern: RegExp, read: ErrorReading])[] = [
  [/rate_?limit|throttl|too_?many/, 'throttled'],
  [/overload|unavailable|time_?out|capacity|server_?error|internal/, 'passing'],
  [/auth|permission|billing|quota|api_?key/, 'hopeless'],
  [/invalid|validation|bad_?request|context_?(length|window|size)|too_?(long|large)|unsupported/, 'refused'],
]

/** Beats a status: neither another key nor waiting changes a policy's decision about the text. */
export const policyPattern = /policy|content_?filter|safety/
