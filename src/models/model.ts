import type { AnswerFormat } from '../conversation/answer-format.ts'
import type { ProviderMetadata } from '../conversation/event.ts'
import type { PromptMessage } from '../conversation/prompt/prompt-message.ts'
import type { Usage } from '../conversation/usage.ts'

export type { ProviderMetadata } from '../conversation/event.ts'
export type { AssistantPart, FilePart, PromptMessage } from '../conversation/prompt/prompt-message.ts'

/**
 * The only access to a language model. An adapter is bound to a model and its settings; it is called once per try of an
 * iteration and keeps no state between calls.
 */
export interface Model {
  /** The canonical name, settings included, as a dispatch shows it: `provider:name/key=value`. */
  readonly name: string
  /** Whether files of this media type may accompany the text of the user. Absent: none may. */
  readonly takesFile?: (mediaType: string) => boolean
  /** Whether it can be held to the form of an answer. Absent: it cannot. */
  readonly takesAnswerFormat?: boolean
  /**
   * Calls the model once. Parts arrive in the order in which the model says them, and end with exactly one `finish`.
   * Throws `ModelFault` for faults of the provider; aborting `signal` ends the call soon, with any error.
   */
  stream(call: ModelCall): AsyncIterable<ModelPart>
}

export interface ModelCall {
  readonly prompt: readonly PromptMessage[]
  /** The functions that the model may call; absent or empty: none. */
  readonly tools?: readonly ModelTool[]
  /** The function that the model must call now. Null or absent: it may call any, or none. */
  readonly forced?: string | null
  /** The form of the answer, for a model that takes one. Absent or null: as it likes. */
  readonly answerFormat?: AnswerFormat | null
  /** The answer, including its reasoning, is cut at so many tokens, or at its settings' own limit if that is lower. Absent: at that. */
  readonly maxOutputTokens?: number
  /** True: the model is not to think first, whatever its settings say. */
  readonly isUnthinking?: boolean
  /**
   * Called when the model makes progress that no part shows yet: a long function call takes minutes, and becomes a part
   * only when it is complete.
   */
  readonly onProgress?: () => void
  readonly signal: AbortSignal
}

/** A function as a model knows it. */
export interface ModelTool {
  readonly name: string
  readonly description: string
  /** A JSON Schema of type object. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export type ModelPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /**
   * Belongs to the block of text or reasoning that `of` names: the latest of that type, or a new one without text.
   * Arrives once per block, at its end: later text of that type starts a new block.
   */
  | { readonly type: 'metadata'; readonly of: 'text' | 'reasoning'; readonly metadata: ProviderMetadata }
  /**
   * A complete function call. `id` is the provider's own, which may repeat; `arguments` is the text that the model
   * wrote, which may be anything, even empty. `metadata` is what the provider wants returned with it.
   */
  | {
      readonly type: 'call'
      readonly id: string
      readonly name: string
      readonly arguments: string
      readonly metadata?: ProviderMetadata
    }
  /** The usage of the call so far, as reported by the provider. `finish` has the final numbers. */
  | { readonly type: 'usage'; readonly usage: ModelUsage }
  /** `refusal`: the text that the model or its provider gave instead of an answer; only if the answer was filtered. */
  | { readonly type: 'finish'; readonly finish: ModelFinish; readonly usage: ModelUsage; readonly refusal?: string }

/**
 * Why the model stopped: it was done (with calls, it waits for their answers), its output was cut at a token limit, or
 * a content filter stopped it.
 */
export type ModelFinish = 'stop' | 'length' | 'filtered'

/** The tokens of one call; zero for unreported values. */
export type ModelUsage = Pick<Usage, 'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'reasoningTokens'>

/**
 * A call that failed at the provider. `rejected`: the provider refused the request and will refuse it again.
 * `unavailable`: the call could not be made; `isRetryable` says whether another try may succeed, not before
 * `retryAfterMs` if known; `isThrottled` says whether the provider asked for fewer calls, which affects all other calls
 * to it. Faults with the same `sameAs` are identical and recur however often the model is called; null: unknown.
 */
export class ModelFault extends Error {
  readonly kind: 'rejected' | 'unavailable'
  readonly isRetryable: boolean
  readonly retryAfterMs: number | null
  readonly isThrottled: boolean
  readonly sameAs: string | null
  readonly place: FaultPlace

  constructor(kind: 'rejected' | 'unavailable', message: string, options: ModelFaultOptions = {}) {
    super(message, options)
    this.name = 'ModelFault'
    this.kind = kind
    this.isRetryable = options.isRetryable ?? false
    this.retryAfterMs = options.retryAfterMs ?? null
    this.isThrottled = options.isThrottled ?? false
    this.sameAs = options.sameAs ?? null
    this.place = options.place ?? nowhere
  }
}

export interface ModelFaultOptions extends ErrorOptions {
  /** Default: false. */
  readonly isRetryable?: boolean
  readonly retryAfterMs?: number | null
  /** Default: false. */
  readonly isThrottled?: boolean
  readonly sameAs?: string | null
  readonly place?: FaultPlace
}

/** Where a call failed, without a word of what was said. Null: unknown. */
export interface FaultPlace {
  /** With the port, if the URL has one. */
  readonly host: string | null
  /** Of the HTTP answer. */
  readonly status: number | null
  /** The system's code, such as ECONNREFUSED. */
  readonly code: string | null
}

const nowhere: FaultPlace = { host: null, status: null, code: null }
