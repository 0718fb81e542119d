import type { ChannelId } from '../kernel/ids.ts'

/** A function that the model may call, as it stands for the whole run. Names are unique within a run. */
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
}

/**
 * Where the answer to a call comes from. `static`: it is known in advance. `channel`: a message published on that channel.
 * `submit`: `submitFunctionResult`. `caller`: the run ends, and its caller goes on with another. `ability`: we get it.
 */
export type AnswerSource =
  | { readonly kind: 'static'; readonly data: unknown }
  | { readonly kind: 'channel'; readonly channelId: ChannelId }
  | { readonly kind: 'submit' }
  | { readonly kind: 'caller' }
  | { readonly kind: 'ability'; readonly ability: AbilitySpec }

/** An ability's orders, in the grammar of `extensions/instruction`, and the secret that it goes with, by reference only. */
export interface AbilitySpec {
  readonly instruction: string
  readonly secretId: string | null
}

export type AnswerKind = AnswerSource['kind']

/** A call that the model has asked for. Times are in ms since 1970. */
export interface FunctionCall {
  /** Minted by us: no other call anywhere has it, whatever the provider calls it. */
  readonly id: string
  readonly name: string
  /** Null when the model's arguments could not be read. */
  readonly arguments: unknown
  readonly answer: AnswerKind
  /** When the run stops waiting for the answer; null where it does not wait, or not yet. */
  readonly deadline: number | null
}

/**
 * Why a call failed; the model is told the message. `BAD_ARGUMENTS`: they could not be read, or are not what the function
 * takes. `NOT_FOUND`: there is no such function. `LIMIT_EXCEEDED`: the run has used up its calls. `TIMEOUT`: no answer
 * came in time. `ABORTED`: the answer asked that the run be stopped. `FAILED`: whoever was to answer said so.
 */
export type CallErrorCode = 'BAD_ARGUMENTS' | 'NOT_FOUND' | 'LIMIT_EXCEEDED' | 'TIMEOUT' | 'ABORTED' | 'FAILED'

export interface CallError {
  readonly code: CallErrorCode
  readonly message: string
}
