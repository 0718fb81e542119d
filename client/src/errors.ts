/** What the server refuses (its reference of errors has each), and what the connection to it cannot do. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'CURSOR_EXPIRED'
  | 'LIMIT_EXCEEDED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  /** The server cannot be reached, or the credentials cannot be fetched. */
  | 'NETWORK'
  /** `close` was called on the client. */
  | 'CLOSED'
  /** Newer servers may have more codes. */
  | (string & {})

/** What is wrong with one field of the input. */
export interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

interface Details {
  readonly issues?: readonly Issue[]
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** Every error of this package. A `credentials` function may throw one, to say that asking again does not help. */
export class BackchannelError extends Error {
  override readonly name: string = 'BackchannelError'
  // Declared, not defined: the constructor sets them, and a page loads no more than it needs.
  declare readonly code: ErrorCode
  /** Of BAD_USER_INPUT; otherwise empty. */
  declare readonly issues: readonly Issue[]
  /** When asking again can help; undefined when the server does not say. */
  declare readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, message: string, { issues = [], retryAfterSeconds, cause }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause })
    Object.assign(this, { code, issues, retryAfterSeconds })
  }
}

interface GraphqlErrorLike {
  readonly message: string
  readonly extensions?: { readonly code?: string } & Details
}

/** Of the errors of a GraphQL answer. */
export function refusal(errors: readonly GraphqlErrorLike[]): BackchannelError {
  const { code = 'INTERNAL', ...details } = errors[0]?.extensions ?? {}
  return new BackchannelError(code, errors.map(({ message }) => message).join(' '), details)
}

export const networkError = (message = 'The connection is lost.', cause?: unknown): BackchannelError =>
  new BackchannelError('NETWORK', message, { cause })

/** Errors of this package stay as they are. */
export const asOurs = (error: unknown, message?: string): BackchannelError =>
  error instanceof BackchannelError ? error : networkError(message, error)

/** How often in a row asking again may fail before the caller is told; 0: it never helps. */
export function patience({ code, retryAfterSeconds }: BackchannelError): number {
  if (code === 'NETWORK' || code === 'UNAVAILABLE') return Infinity
  return code === 'INTERNAL' || (code === 'LIMIT_EXCEEDED' && retryAfterSeconds !== undefined) ? 5 : 0
}

/** Why a signal was aborted; React Native's does not say. */
export const reasonOf = (signal: AbortSignal): unknown => signal.reason ?? new Error('Aborted.')
