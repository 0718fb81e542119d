import type { FetchActionInput } from '../fetch/action-input.ts'

export type Settings = Readonly<Record<string, unknown>>

/** What abilities need of the run that uses them. */
export interface AbilityContext {
  /** The values of references such as CONTACT_NAME, fixed at dispatch; never secrets. */
  readonly references: Readonly<Record<string, string>>
  /** An IANA name. */
  readonly timezone: string
  /** ms since 1970. */
  readonly now: () => number
  /** At least 16 letters and digits that nobody can guess, new at each call. */
  readonly nonce: () => string
  readonly signal: AbortSignal
  readonly fetch: (request: FetchActionInput) => Promise<AbilityOutcome>
  readonly search: (query: string, settings: Settings) => Promise<unknown>
  /** Asks a model. */
  readonly prompt: (text: string, settings: Settings) => Promise<string>
}

export type AbilityOutcome =
  | { readonly kind: 'data'; readonly data: unknown }
  | {
      readonly kind: 'error'
      /** For the model. */
      readonly message: string
      /** What was thrown, if it was a defect: for the log. */
      readonly cause?: unknown
    }
