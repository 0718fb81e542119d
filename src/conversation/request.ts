import type { DatasetSpec } from './dataset.ts'
import type { FunctionSpec } from './function.ts'

/** A dispatch's input, resolved when it was accepted: every attempt sees the same, whatever is configured by then. */
export interface ConversationRequest {
  /** The model's canonical name, settings included. */
  readonly model: string
  /** The system message, extensions included; null: the last message of type `backstory`. */
  readonly backstory: string | null
  readonly functions: readonly FunctionSpec[]
  readonly limits: Limits
  /** IANA name. */
  readonly timezone: string
  /** What placeholders stand for, by name: `CONTACT_NAME`. Secrets are not among them. */
  readonly references: Readonly<Record<string, string>>
  /** The datasets that are searched; those that fit are in the system message. */
  readonly datasets: readonly DatasetSpec[]
  /** http(s) URLs, fetched by the worker. */
  readonly attachments: readonly string[]
  /** Seconds of work after which the run is given up, or null. */
  readonly timeoutSeconds: number | null
  /** W3C trace context of the dispatch: whatever the run does belongs to its trace. Absent: nobody traces. */
  readonly traceparent?: string
}

/** What bounds a run's work. */
export interface Limits {
  /** Model calls of any kind. */
  readonly iterations: number
  /** Model calls that go on with an output that was cut short or empty. */
  readonly continuations: number
  /** Function calls that are carried out; those asked for beyond it fail. */
  readonly calls: number
}
