import type { FetchActionInput } from '../fetch/action-input.ts'
import type { InstructionResult } from '../instruction/instruction.ts'

export type Settings = Readonly<Record<string, unknown>>

/** What an ability needs from its run. */
export interface AbilityContext {
  /** The values of references such as CONTACT_NAME, fixed at dispatch. Never secrets. */
  readonly references: Readonly<Record<string, string>>
  /** An IANA name. */
  readonly timezone: string
  /** ms since 1970. */
  readonly now: () => number
  /** At least 16 unguessable letters and digits, new at each call. */
  readonly nonce: () => string
  readonly signal: AbortSignal
  readonly compile: (instruction: string) => Promise<InstructionResult>
  readonly fetch: (request: FetchActionInput) => Promise<AbilityOutcome>
  readonly search: (query: string, settings: Settings) => Promise<unknown>
  /** Sends a text to a model and returns its answer. */
  readonly prompt: (text: string, settings: Settings) => Promise<string>
}

export type AbilityOutcome =
  | { readonly kind: 'data'; readonly data: unknown }
  | {
      readonly kind: 'error'
      /** The error for the model. */
      readonly message: string
      /** The thrown value if the error is a defect; for the log. */
      readonly cause?: unknown
    }
