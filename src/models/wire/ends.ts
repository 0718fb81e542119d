import type { ModelFinish } from '../model.ts'

/**
 * How a provider's word for the end of an answer is read. `passing`: not an end, but a temporary fault. `again`: not an
 * end either, and it is unknown whether another try helps, so the third identical one ends the run. Behind words,
 * `passing` is `again`: each try buys an answer.
 */
export type EndReading = ModelFinish | 'passing' | 'again'

export interface EndRow {
  /** In lower case; providers differ in how they write one word. */
  readonly says: string
  readonly read: EndReading
  readonly who: string
  readonly source: string
}

const chatDocs = 'https://platform.openai.com/docs/api-reference/chat/streaming'
const geminiDocs = 'https://ai.google.dev/api/generate-content#FinishReason'
const textGeneration = 'https://huggingface.co/docs/huggingface_hub/package_reference/inference_types'
const gateway = 'https://github.com/Portkey-AI/gateway/tree/main/src/providers'
const cohere = 'https://docs.cohere.com/reference/chat'
const zai = 'https://docs.z.ai/api-reference/llm/chat-completion'
const bedrock = 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html'

/** `finish_reason` of chat completions, whoever speaks them. A word that is not here is read as `again`. */
export const chatEnds: readonly EndRow[] = [
  { says: 'stop', read: 'stop', who: 'OpenAI and all others', source: chatDocs },
  { says: 'tool_calls', read: 'stop', who: 'OpenAI and all others', source: chatDocs },
  { says: 'function_call', read: 'stop', who: 'OpenAI, before tools', source: chatDocs },
  {
    says: 'tool_use',
    read: 'stop',
    who: 'proxies of Claude',
    source: gateway,
  },
  {
    says: 'end_turn',
    read: 'stop',
    who: 'proxies of Claude',
    source: gateway,
  },
  { says: 'stop_sequence', read: 'stop', who: 'text-generation-inference', source: textGeneration },
  { says: 'eos', read: 'stop', who: 'Together', source: gateway },
  { says: 'eos_token', read: 'stop', who: 'text-generation-inference', source: textGeneration },
  { says: 'complete', read: 'stop', who: 'Cohere', source: cohere },
  { says: 'tool_call', read: 'stop', who: 'Cohere', source: cohere },
  { says: 'length', read: 'length', who: 'OpenAI and all others', source: chatDocs },
  { says: 'max_tokens', read: 'length', who: 'Gemini, Cohere, proxies of Claude', source: geminiDocs },
  { says: 'max_output_tokens', read: 'length', who: 'proxies of OpenAI’s responses', source: gateway },
  { says: 'model_length', read: 'length', who: 'Mistral', source: 'https://docs.mistral.ai/api/endpoint/chat' },
  {
    says: 'model_context_window_exceeded',
    read: 'length',
    who: 'Z.ai, proxies of Claude',
    source: zai,
  },
  { says: 'content_filter', read: 'filtered', who: 'OpenAI, Azure', source: chatDocs },
  {
    says: 'refusal',
    read: 'filtered',
    who: 'proxies of Claude',
    source: gateway,
  },
  { says: 'sensitive', read: 'filtered', who: 'Z.ai', source: zai },
  { says: 'safety', read: 'filtered', who: 'Gemini', source: geminiDocs },
  { says: 'recitation', read: 'filtered', who: 'Gemini', source: geminiDocs },
  { says: 'blocklist', read: 'filtered', who: 'Gemini', source: geminiDocs },
  { says: 'prohibited_content', read: 'filtered', who: 'Gemini', source: geminiDocs },
  { says: 'spii', read: 'filtered', who: 'Gemini', source: geminiDocs },
  { says: 'language', read: 'filtered', who: 'Gemini', source: geminiDocs },
  { says: 'guardrail_intervened', read: 'filtered', who: 'Bedrock', source: bedrock },
  { says: 'content_filtered', read: 'filtered', who: 'Bedrock', source: bedrock },
  {
    says: 'insufficient_system_resource',
    read: 'passing',
    who: 'DeepSeek',
    source: 'https://api-docs.deepseek.com/api/create-chat-completion',
  },
  {
    says: 'network_error',
    read: 'passing',
    who: 'Z.ai',
    source: zai,
  },
  { says: 'timeout', read: 'passing', who: 'Cohere', source: cohere },
  { says: 'abort', read: 'passing', who: 'vLLM', source: 'https://github.com/vllm-project/vllm/issues/57082' },
  {
    says: 'error',
    read: 'again',
    who: 'OpenRouter, Mistral',
    source: 'https://openrouter.ai/docs/api-reference/streaming',
  },
  { says: 'malformed_function_call', read: 'again', who: 'Gemini', source: geminiDocs },
  { says: 'unexpected_tool_call', read: 'again', who: 'Gemini', source: geminiDocs },
  { says: 'other', read: 'again', who: 'Gemini', source: geminiDocs },
]

const anthropicDocs = 'https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons'

/** `stop_reason` of Anthropic's messages. A word that is not here is read as `again`. */
export const anthropicEnds: readonly EndRow[] = [
  { says: 'end_turn', read: 'stop', who: 'Anthropic', source: anthropicDocs },
  { says: 'stop_sequence', read: 'stop', who: 'Anthropic', source: anthropicDocs },
  { says: 'tool_use', read: 'stop', who: 'Anthropic', source: anthropicDocs },
  { says: 'max_tokens', read: 'length', who: 'Anthropic', source: anthropicDocs },
  { says: 'model_context_window_exceeded', read: 'length', who: 'Anthropic', source: anthropicDocs },
  // The turn continues in another request, like one that was cut at its limit.
  { says: 'pause_turn', read: 'length', who: 'Anthropic', source: anthropicDocs },
  { says: 'refusal', read: 'filtered', who: 'Anthropic', source: anthropicDocs },
]

const responsesDocs = 'https://platform.openai.com/docs/api-reference/responses/object'

/** How a response of OpenAI's ended: `completed`, or why it is incomplete. */
export const responsesEnds: readonly EndRow[] = [
  { says: 'completed', read: 'stop', who: 'OpenAI', source: responsesDocs },
  { says: 'max_output_tokens', read: 'length', who: 'OpenAI', source: responsesDocs },
  { says: 'content_filter', read: 'filtered', who: 'OpenAI, Azure', source: responsesDocs },
]

/** Gemini's endpoint writes some as `function_call_filter: MALFORMED_FUNCTION_CALL`: the last word is the reason. */
export function readEnd(rows: readonly EndRow[], said: string): EndReading {
  const word = said.split(':').at(-1)?.trim().toLowerCase()
  return rows.find(({ says }) => says === word)?.read ?? 'again'
}
