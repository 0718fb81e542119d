import type { DispatchError } from '../../conversation/event.ts'
import { Failure, unavailable } from '../../kernel/errors.ts'

/** Of one log. */
export interface LogLimits {
  readonly maxEntries: number
  /** Payload bytes. */
  readonly maxBytes: number
}

/** What an account, and each of its logs, may hold. */
export interface StoredLimits {
  readonly log: LogLimits
  /** Of all that an account has stored; 0: no limit. */
  readonly accountBytes: number
}

const publicationParts = 4

/** What may be published on a channel, beside what its run writes: a quarter of a log. */
export function publicationLimits({ maxEntries, maxBytes }: LogLimits): LogLimits {
  return { maxEntries: Math.floor(maxEntries / publicationParts), maxBytes: Math.floor(maxBytes / publicationParts) }
}

export const accountFullMessage =
  'The account has stored as many bytes as it may (STORED_BYTES_PER_ACCOUNT); room comes back when logs expire or resources are deleted.'

/** For the caller whose account has no room; nothing was written. */
export function accountIsFull(): Failure {
  return new Failure('LIMIT_EXCEEDED', accountFullMessage)
}

/** For the caller of a dispatch whose messages do not fit into a log; nothing was written. */
export function logIsTooSmall({ maxBytes }: LogLimits): Failure {
  const message = `The messages, with those of the dispatch that is continued, are larger than the ${maxBytes} bytes that a log may hold.`
  return new Failure('LIMIT_EXCEEDED', message)
}

/** How a dispatch ends whose turn has come in a conversation that is too long for it. */
export function transcriptIsTooLong({ maxBytes }: LogLimits): DispatchError {
  const message = `The messages, with the transcript of the conversation, are larger than the ${maxBytes} bytes that a log may hold.`
  return { code: 'LIMIT_EXCEEDED', message }
}

/** For the caller of a dispatch that took so long to be stored that its place in the line of its conversation may be given up. */
export function createdTooLate(): Failure {
  return unavailable('The dispatch could not be stored in time.')
}
