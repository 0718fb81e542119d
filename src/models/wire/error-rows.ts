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
  {
    status: 410,
    read: 'hopeless',
    who: 'Hugging Face: a model that is gone',
    source: 'https://github.com/huggingface/huggingface.js/issues/1541',
  },
  {
    status: 412,
    read: 'hopeless',
    who: 'Fireworks: an account that is suspended',
    source: 'https://docs.fireworks.ai/guides/inference-error-codes',
  },
  // Groq adds `rate_limit_exceeded` to it when a request is larger than a minute's share.
  { status: 413, read: 'refused', who: 'all', source: http },
  {
    status: 424,
    read: 'passing',
    who: 'Bedrock: the model failed',
    source: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html',
  },
  { status: 425, read: 'passing', who: 'all', source: http },
  { status: 429, read: 'throttled', who: 'all', source: http },
  { status: 498, read: 'passing', who: 'Groq, flex tier', source: groq },
  { status: 501, read: 'hopeless', who: 'an address that is not the API’s', source: http },
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
