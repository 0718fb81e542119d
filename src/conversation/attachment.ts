import type { Budget } from '../kernel/helpers/budget.ts'
import type { Message } from './message.ts'

/** A file that came with a dispatch: `meta.attachment` of its CONTEXT message. */
export interface Attachment {
  readonly url: string
  /** Null when it could not be fetched. */
  readonly mediaType: string | null
  readonly bytes: number | null
  /** Where its content is kept for the model. Null for text, which the message contains, and for types that no model takes. */
  readonly fileId: string | null
}

/** The result of fetching an attachment. */
export type FetchedAttachment =
  | {
      readonly kind: 'text'
      readonly mediaType: string
      readonly bytes: number
      readonly text: string
      readonly isCut: boolean
    }
  | { readonly kind: 'file'; readonly mediaType: string; readonly content: Uint8Array }
  | { readonly kind: 'other'; readonly mediaType: string; readonly bytes: number }
  | { readonly kind: 'failed'; readonly message: string }

export interface ToFetch {
  readonly url: string
  readonly account: string
  /** The time for turning pages into text; all attachments of a run share it. */
  readonly budget: Budget
}

/** A failure to fetch is a result. Rejects only soon after the signal is aborted. */
export type FetchAttachment = (attachment: ToFetch, signal: AbortSignal) => Promise<FetchedAttachment>

/** The message that tells the model of an attachment. The model reads it as the user's. */
export function attachmentMessage(id: string, url: string, fetched: FetchedAttachment, fileId: string | null): Message {
  const mediaType = fetched.kind === 'failed' ? null : fetched.mediaType
  const bytes = fetched.kind === 'failed' ? null : fetched.kind === 'file' ? fetched.content.length : fetched.bytes
  const attachment: Attachment = { url, mediaType, bytes, fileId }
  return { id, type: 'context', text: wordsOf(url, fetched), meta: { attachment } }
}

function wordsOf(url: string, fetched: FetchedAttachment): string {
  switch (fetched.kind) {
    case 'failed':
      return `Attachment ${url}: it could not be fetched. ${fetched.message}`
    case 'file':
      return `Attachment ${url} (${fetched.mediaType}, ${size(fetched.content.length)}).`
    case 'other':
      return `Attachment ${url} (${fetched.mediaType}, ${size(fetched.bytes)}): its content cannot be shown to you.`
    case 'text': {
      const cut = fetched.isCut ? ', of which this is the beginning' : ''
      return `Attachment ${url} (${fetched.mediaType}, ${size(fetched.bytes)}${cut}):\n\n${fetched.text}`
    }
  }
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** The attachment that a message describes; null for any other message. */
export function attachmentOf({ type, meta }: Message): Attachment | null {
  const given = type === 'context' ? (meta?.['attachment'] as Partial<Attachment> | null | undefined) : null
  // Callers can write anything into `meta`.
  if (typeof given !== 'object' || given === null || typeof given.url !== 'string') return null
  const { url, mediaType, bytes, fileId } = given
  return {
    url,
    mediaType: typeof mediaType === 'string' ? mediaType : null,
    bytes: typeof bytes === 'number' ? bytes : null,
    fileId: typeof fileId === 'string' ? fileId : null,
  }
}
