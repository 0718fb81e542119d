import type { Limits } from './limits.ts'

/** A dispatch's input, resolved when it was accepted: every attempt sees the same, whatever is configured by then. */
export interface ConversationRequest {
  /** The model's canonical name, settings included. */
  readonly model: string
  /** Who the model is; wins over messages of type `backstory`. */
  readonly backstory: string | null
  readonly limits: Limits
  /** Seconds of work after which the run is given up, or null. */
  readonly timeoutSeconds: number | null
}
