import type { ProviderMetadata } from '../conversation/event.ts'
import type { PromptMessage } from '../conversation/prompt/prompt-message.ts'
import type { Usage } from '../conversation/usage.ts'

export type { ProviderMetadata } from '../conversation/event.ts'
export type { AssistantPart, FilePart, PromptMessage } from '../conversation/prompt/prompt-message.ts'

/**
 * The one way to a language model. An adapter is bound to a model and its settings; it is called once per try of an
 * iteration and holds nothing between calls.
 */
export interface Model {
  /** The canonical name, settings included, as a dispatch shows it: `provider:name/key=value`. */
  readonly name: string
  /** Whether files of that media type may go with the user's text. Absent: none may. */
  readonly takesFile?: (mediaType: string) => boolean
  /**
   * Asks the model once. Parts come in the order the model says them and end with exactly one `finish`.
   * Throws `ModelFault` for what the provider did; aborting `signal` ends the call soon, with any error.
   */
  stream(call: ModelCall): AsyncIterable<ModelPart>
}

export interface ModelCall {
  readonly prompt: readonly PromptMessage[]
  /** The functions that the model may call; absent or empty: none. */
  readonly tools?: readonly ModelTool[]
  /** The name of the function that it must call now; null or absent: it is free to call any, or none. */
  readonly forced?: string | null
  /** Told when the model says what no part tells yet: a long call is written for minutes, and told when it is whole. */
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
   * Belongs to the block of text or reasoning that `of` names: the latest of that type, or a new one without words.
   * It is told once a block, at its end: words of that type which follow begin a new block.
   */
  | { readonly type: 'metadata'; readonly of: 'text' | 'reasoning'; readonly metadata: ProviderMetadata }
  /**
   * A function call, whole. `id` is the provider's own, which may repeat; `arguments` is the text that the model wrote,
   * which may be anything, nothing included. `metadata` is what the provider wants back with it.
   */
  | {
      readonly type: 'call'
      readonly id: string
      readonly name: string
      readonly arguments: string
      readonly metadata?: ProviderMetadata
    }
  /** What the call has used so far, as far as the provider told; `finish` has the last word. */
  | { readonly type: 'usage'; readonly usage: ModelUsage }
  /** `refusal`: what the model, or its provider, said instead of an answer; only where it was filtered. */
  | { readonly type: 'finish'; readonly finish: ModelFinish; readonly usage: ModelUsage; readonly refusal?: string }

/** Why the model fell silent: it was done (with calls, it waits for their answers), its output was cut at a token limit, or a content filter stepped in. */
export type ModelFinish = 'stop' | 'length' | 'filtered'

/** The tokens of one call; zero where the provider did not tell. */
export type ModelUsage = Pick<Usage, 'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'reasoningTokens'>

/**
 * A call that failed at the provider. `rejected`: it read the request and will refuse it again. `unavailable`: it
 * could not be had; `isRetryable` tells whether another try may succeed, not before `retryAfterMs` where that is known;
 * `isThrottled`, whether the provider asked for fewer calls, which concerns every other call to it as well. Faults with
 * the same `sameAs` are one and the same, and come back however often the model is asked; null where nothing says so.
 */
export class ModelFault extends Error {
  readonly kind: 'rejected' | 'unavailable'
  readonly isRetryable: boolean
  readonly retryAfterMs: number | null
  readonly isThrottled: boolean
  readonly sameAs: string | null

  constructor(kind: 'rejected' | 'unavailable', message: string, options: ModelFaultOptions = {}) {
    super(message, options)
    this.name = 'ModelFault'
    this.kind = kind
    this.isRetryable = options.isRetryable ?? false
    this.retryAfterMs = options.retryAfterMs ?? null
    this.isThrottled = options.isThrottled ?? false
    this.sameAs = options.sameAs ?? null
  }
}

export interface ModelFaultOptions extends ErrorOptions {
  /** Default: false. */
  readonly isRetryable?: boolean
  readonly retryAfterMs?: number | null
  /** Default: false. */
  readonly isThrottled?: boolean
  readonly sameAs?: string | null
}
