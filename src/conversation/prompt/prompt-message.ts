import type { ProviderMetadata } from '../event.ts'

/** What a model is given, in the order of the conversation; a system message only comes first. */
export type PromptMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string; readonly files?: readonly FilePart[] }
  | { readonly role: 'assistant'; readonly parts: readonly AssistantPart[] }
  | { readonly role: 'tool'; readonly callId: string; readonly name: string; readonly result: unknown }

/** A file that goes with the text, for models that take it. */
export interface FilePart {
  readonly fileId: string
  readonly mediaType: string
  /** Its content; until that has been got, the part is left out. */
  readonly content?: Uint8Array
}

export type AssistantPart =
  | { readonly type: 'text'; readonly text: string; readonly metadata?: ProviderMetadata }
  | { readonly type: 'reasoning'; readonly text: string; readonly metadata?: ProviderMetadata }
  | {
      readonly type: 'call'
      /** Unique within the prompt; its result has the same. */
      readonly callId: string
      readonly name: string
      readonly arguments: unknown
      readonly metadata?: ProviderMetadata
    }
