import type { ErrorReading } from './error-rows.ts'
import { toldWaitMs } from './told-wait.ts'

/** How an error is read by its words, where neither its code nor its status tells. */
export interface WordRow {
  readonly fits: RegExp | ((words: string) => boolean)
  /** What the docs say of `fits`. */
  readonly says: string
  readonly read: ErrorReading
  /** True: the words decide even if the status or a code says something else. */
  readonly beatsStatus?: boolean
  readonly who: string
  readonly source: string
}

/**
 * Words of errors, in order: the first row that fits decides. Providers give one status and one code to what waiting mends
 * and to what it never mends; rows that beat the status tell those apart.
 */
export const wordRows: readonly WordRow[] = [
  {
    fits: isLargerThanItsShare,
    says: '`Request too large … on tokens per min`; more requested than the limit: `Limit 7000, Used 0, Requested 12903`',
    read: 'refused',
    beatsStatus: true,
    who: 'OpenAI, Groq, 429: waiting never helps',
    source: 'https://github.com/Aider-AI/aider/issues/1880',
  },
  {
    fits: /allocated quota exceeded/i,
    says: '`Allocated quota exceeded`',
    read: 'throttled',
    beatsStatus: true,
    who: 'Alibaba, 429, code `insufficient_quota`: a minute’s share',
    source: 'https://www.alibabacloud.com/help/en/model-studio/error-code',
  },
  {
    fits: /requires moderation|input was flagged|content management policy|ResponsibleAIPolicyViolation/i,
    says: '`requires moderation and your input was flagged`, `content management policy`',
    read: 'refused',
    beatsStatus: true,
    who: 'OpenRouter, 403; Azure, behind proxies with another status',
    source: 'https://github.com/Oaklight/argo-proxy/issues/91',
  },
  {
    fits: /credit balance is too low|insufficient (account )?balance|余额不足|please recharge/i,
    says: '`credit balance is too low`, `Insufficient balance`, `余额不足`, `Please recharge`',
    read: 'hopeless',
    beatsStatus: true,
    who: 'Anthropic, 400; Z.ai, 429',
    source: 'https://github.com/continuedev/continue/issues/5499',
  },
  {
    fits: /usage limits?( is| has been)? (exceeded|reached)|reached your specified (api )?usage limits/i,
    says: '`usage limit exceeded`, `reached your specified API usage limits`',
    read: 'hopeless',
    beatsStatus: true,
    who: 'MiniMax and Z.ai, 429; Anthropic, 400',
    source: 'https://github.com/gabrielkoerich/orch/issues/3150',
  },
  {
    fits: isDaysLimit,
    says: '`per day`, without a time to wait; a quota named like `GenerateRequestsPerDay`',
    read: 'hopeless',
    beatsStatus: true,
    who: 'Gemini, OpenRouter, Bedrock, 429',
    source: 'https://github.com/google-gemini/gemini-cli/issues/10925',
  },
  {
    fits: /organi[sz]ation has been (disabled|restricted)|account is (suspended|deactivated)/i,
    says: '`organization has been disabled`, `account is suspended`',
    read: 'hopeless',
    beatsStatus: true,
    who: 'Anthropic, 400; Fireworks, 412',
    source: 'https://github.com/anthropics/claude-code/issues/8327',
  },
  {
    fits: /(incorrect|invalid) api key|api key (not valid|expired)|api_key_invalid/i,
    says: '`API key not valid`, `Incorrect API key`',
    read: 'hopeless',
    beatsStatus: true,
    who: 'Gemini and xAI, 400',
    source: 'https://ai.google.dev/gemini-api/docs/troubleshooting',
  },
  {
    fits: /(user )?location is not supported/i,
    says: '`User location is not supported`',
    read: 'hopeless',
    beatsStatus: true,
    who: 'Gemini, 400',
    source: 'https://ai.google.dev/gemini-api/docs/troubleshooting',
  },
  {
    fits: /validation error|context (length|size|window)|too many (input )?tokens|prompt is too long|(does|do) not support|not supported|invalid (request|argument|parameter|param|type|schema|image)/i,
    says: '`validation error`, `context length`, `prompt is too long`, `does not support`, `invalid request`',
    read: 'refused',
    who: 'text-generation-inference, LM Studio, proxies: an error of words alone inside a 200',
    source: 'https://github.com/huggingface/text-generation-inference/blob/main/router/src/infer/mod.rs',
  },
  {
    fits: /exceeded your current quota|insufficient (quota|credits)|unauthori[sz]ed|authentication|permission denied/i,
    says: '`exceeded your current quota`, `insufficient credits`, `unauthorized`',
    read: 'hopeless',
    who: 'proxies: an error of words alone inside a 200',
    source: 'https://github.com/Portkey-AI/gateway/tree/main/src/providers',
  },
  {
    fits: /rate.?limit|too many requests/i,
    says: '`rate limit`, `too many requests`',
    read: 'throttled',
    who: 'proxies: an error of words alone inside a 200',
    source: 'https://github.com/open-webui/computer/issues/293',
  },
  {
    fits: /overloaded|at capacity|try again|temporarily|timed out|unavailable/i,
    says: '`overloaded`, `at capacity`, `try again`, `temporarily`, `timed out`, `unavailable`',
    read: 'passing',
    who: 'text-generation-inference, proxies: an error of words alone inside a 200',
    source: 'https://github.com/huggingface/text-generation-inference/blob/main/router/src/infer/mod.rs',
  },
]

export function readWords(words: string, rows: readonly WordRow[]): ErrorReading | null {
  return rows.find(({ fits }) => (typeof fits === 'function' ? fits(words) : fits.test(words)))?.read ?? null
}

/** The request alone is more than a minute's share, so that it fits at no time. */
function isLargerThanItsShare(words: string): boolean {
  if (/request too large\b.*\btokens per min/is.test(words)) return true
  const [, limit, requested] = /\blimit:? (\d+)\b.*\brequested:? ~?(\d+)/is.exec(words) ?? []
  return limit !== undefined && Number(requested) > Number(limit)
}

/** A day's limit with a time to wait is a bucket that fills all day long. */
function isDaysLimit(words: string): boolean {
  return /PerDay/.test(words) || (/\bper[ -]day\b/i.test(words) && toldWaitMs(words) === null)
}
