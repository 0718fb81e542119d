import type { ChannelId } from '../kernel/ids.ts'

/** A function that the model may call. It is fixed for the whole run, and its name is unique within the run. */
export interface FunctionSpec {
  readonly name: string
  readonly description: string
  /** A JSON Schema of type object. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly answer: AnswerSource
  /** The model must call it before it is free to answer. */
  readonly start: boolean
  /** The model must call it once it has stopped. */
  readonly end: boolean
  /** How long the run waits for an answer from outside. */
  readonly timeoutSeconds: number
  /** Of an ability: each call waits for a person's verdict before it is carried out (`conversation/approval.ts`). */
  readonly needsApproval?: boolean
}

/**
 * Where the answer to a call comes from. `static`: it is known in advance. `channel`: a message on that channel. `submit`:
 * `submitFunctionResult`. `caller`: the run ends, and its caller continues with another dispatch. `ability`: the worker
 * carries the ability out.
 */
export type AnswerSource =
  | { readonly kind: 'static'; readonly data: unknown }
  | { readonly kind: 'channel'; readonly channelId: ChannelId }
  | { readonly kind: 'submit' }
  | { readonly kind: 'caller' }
  | { readonly kind: 'ability'; readonly ability: AbilitySpec }

/** An ability: its instruction, in the grammar of `extensions/instruction`, and the id of its secret. */
export interface AbilitySpec {
  readonly instruction: string
  readonly secretId: string | null
}

export type AnswerKind = AnswerSource['kind']

/** A function call by the model. Times are in ms since 1970. */
export interface FunctionCall {
  /** Ours, and globally unique, unlike the provider's id. */
  readonly id: string
  readonly name: string
  /** Null when the model's arguments could not be read. */
  readonly arguments: unknown
  readonly answer: AnswerKind
  /** When the run stops waiting for the answer; null when it does not wait, or not yet. */
  readonly deadline: number | null
}

/**
 * Why a call failed. The model gets the message. `BAD_ARGUMENTS`: the arguments are not JSON, or do not match the schema.
 * `NOT_FOUND`: there is no such function. `LIMIT_EXCEEDED`: the run has used up its calls. `TIMEOUT`: no answer came in
 * time. `ABORTED`: the answer asked to stop the run. `FAILED`: the answer reported a failure.
 */
export type CallErrorCode = 'BAD_ARGUMENTS' | 'NOT_FOUND' | 'LIMIT_EXCEEDED' | 'TIMEOUT' | 'ABORTED' | 'FAILED'

export interface CallError {
  readonly code: CallErrorCode
  readonly message: string
}
