import type { DispatchError, FinishReason } from '../../../conversation/event.ts'
import type { Usage } from '../../../conversation/usage.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { OutcomeCode } from '../../../kernel/errors.ts'
import { isRecord } from '../../../kernel/json.ts'
import type { Echo } from '../request/echo.ts'
import type { OutputItem } from './output-item.ts'
import { responseId } from './response-id.ts'

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'failed' | 'incomplete' | 'cancelled'

/** What a response is at one moment. */
export interface ResponseState {
  readonly status: ResponseStatus
  readonly output: readonly OutputItem[]
  readonly usage: Usage | null
  readonly error: DispatchError | null
  readonly incompleteBecause: 'max_output_tokens' | null
  /** Absent: what was asked is not known any more. */
  readonly echo?: Echo
  /** In ms since 1970. */
  readonly finishedAt: number | null
}

export type ResponseObject = ReturnType<ReturnType<typeof responseObjects>>

/** What of a run never changes. */
export type ResponseOrigin = Pick<Run, 'key' | 'model' | 'createdAt' | 'turn' | 'meta'>

/**
 * Writes the object that OpenAI's clients know. What a dispatch was given over another API is not sent back, except for what its model's
 * name tells; such fields have the values that mean "not given".
 */
export function responseObjects({ key, model, createdAt, turn, meta }: ResponseOrigin, seesAccount: boolean) {
  const { name, settings } = readModel(model)
  const effort = settings.get('reasoningEffort') ?? null
  const verbosity = settings.get('verbosity')
  const first = { id: responseId(key.channel), object: 'response', created_at: seconds(createdAt) } as const
  const rest = {
    model: name,
    conversation: turn === null ? null : { id: turn.conversation },
    parallel_tool_calls: true,
    max_output_tokens: numberOr(settings.get('maxTokens'), null),
    temperature: numberOr(settings.get('temperature'), 1),
    top_p: numberOr(settings.get('topP'), 1),
    presence_penalty: numberOr(settings.get('presencePenalty'), 0),
    frequency_penalty: numberOr(settings.get('frequencyPenalty'), 0),
    top_logprobs: 0,
    reasoning: { effort, summary: null },
    truncation: 'disabled',
    store: true,
    background: true,
    service_tier: 'default',
    metadata: seesAccount ? metadataOf(meta) : {},
    safety_identifier: null,
    prompt_cache_key: null,
  } as const

  return ({ status, output, usage, error, incompleteBecause, finishedAt, echo = {} }: ResponseState) => ({
    ...first,
    status,
    completed_at: status === 'completed' && finishedAt !== null ? seconds(finishedAt) : null,
    error: error === null ? null : { code: errorCodes[error.code], message: error.message },
    incomplete_details: incompleteBecause === null ? null : { reason: incompleteBecause },
    output,
    usage: usage === null ? null : usageObject(usage),
    ...rest,
    previous_response_id: echo.previous_response_id ?? null,
    instructions: echo.instructions ?? null,
    tools: echo.tools ?? [],
    tool_choice: echo.tool_choice ?? 'auto',
    max_tool_calls: echo.max_tool_calls ?? null,
    text: {
      format: { type: 'text' },
      ...(isRecord(echo.text) && echo.text),
      ...(verbosity !== undefined && { verbosity }),
    },
  })
}

/** How a completed run ends as a response. A response that is cut is incomplete, and OpenAI has one reason for what cut it. */
export const endOf: Readonly<Record<FinishReason, 'completed' | 'incomplete'>> = {
  stop: 'completed',
  activity: 'completed',
  abort: 'completed',
  loop: 'completed',
  length: 'incomplete',
  iteration: 'incomplete',
  calls: 'incomplete',
  tokens: 'incomplete',
  cost: 'incomplete',
}

/** The codes that OpenAI's clients know. */
const errorCodes: Readonly<Record<OutcomeCode, 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt'>> = {
  MODEL_UNAVAILABLE: 'server_error',
  MODEL_REJECTED: 'invalid_prompt',
  TIMEOUT: 'server_error',
  WORKER_LOST: 'server_error',
  UNAVAILABLE: 'server_error',
  LIMIT_EXCEEDED: 'rate_limit_exceeded',
  CONFLICT: 'invalid_prompt',
  INTERNAL: 'server_error',
}

function usageObject(usage: Usage) {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.totalTokens,
  }
}

/** A run's model is named `provider:name/setting=value/…`. */
function readModel(text: string): { readonly name: string; readonly settings: ReadonlyMap<string, string> } {
  const [name = '', ...pairs] = text.split('/')
  return {
    name,
    settings: new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  }
}

function numberOr<Other>(text: string | undefined, other: Other): number | Other {
  return text === undefined ? other : Number(text)
}

/** A `meta` that came over another API may hold more than texts. */
function metadataOf(meta: Run['meta']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(meta ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
