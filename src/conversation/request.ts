import type { ConversationId } from '../kernel/ids.ts'
import type { AnswerFormat } from './answer-format.ts'
import type { DatasetSpec } from './dataset.ts'
import type { FunctionSpec } from './function.ts'
import type { Limits } from './limits.ts'
import type { ModelPrice } from './price.ts'

/** The input of a dispatch, resolved when it was accepted. Later changes of configuration do not affect any attempt. */
export interface ConversationRequest {
  /** The canonical name of the model, including its settings. */
  readonly model: string
  /** The system message, including extensions. Null: the last message of type `backstory` is the system message. */
  readonly backstory: string | null
  readonly functions: readonly FunctionSpec[]
  /** Absent: the model answers as it likes. */
  readonly answerFormat?: AnswerFormat
  readonly limits: Limits
  /** What the model cost when the dispatch was accepted. Absent: no price was known. */
  readonly price?: ModelPrice
  /** IANA name. */
  readonly timezone: string
  /** The values of placeholders by name, such as `CONTACT_NAME`, without secrets. */
  readonly references: Readonly<Record<string, string>>
  /** The datasets to search. Those that fit are also in the system message. */
  readonly datasets: readonly DatasetSpec[]
  /** http(s) URLs, fetched by the worker. */
  readonly attachments: readonly string[]
  /** Seconds of work after which the run fails; null: no limit. */
  readonly timeoutSeconds: number | null
  /** The conversation that the dispatch belongs to. Absent: none. */
  readonly conversation?: ConversationId
  /** W3C trace context of the dispatch, whose trace the run joins. Absent when nobody traces. */
  readonly traceparent?: string
}
