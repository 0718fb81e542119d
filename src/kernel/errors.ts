/**
 * The errors that callers may get: for each code its meaning, its HTTP status, and whether retrying the same request
 * may help. Exhaustive.
 */
export const failures = {
  BAD_USER_INPUT: {
    meaning: 'The request does not have the documented form; `issues` names every wrong field.',
    status: 400,
    retry: false,
  },
  UNAUTHENTICATED: { meaning: 'The request has no valid credential.', status: 401, retry: false },
  FORBIDDEN: { meaning: 'The credential does not allow this.', status: 403, retry: false },
  NOT_FOUND: { meaning: 'The account has no such resource.', status: 404, retry: false },
  CONFLICT: { meaning: 'The request conflicts with what is already stored.', status: 409, retry: false },
  CURSOR_EXPIRED: {
    meaning: 'The log no longer continues from this cursor; start from the beginning.',
    status: 410,
    retry: false,
  },
  LIMIT_EXCEEDED: { meaning: 'A limit of the server or the account is reached.', status: 429, retry: true },
  PAYLOAD_TOO_LARGE: { meaning: 'The request is larger than the server accepts.', status: 413, retry: false },
  UNAVAILABLE: { meaning: 'The server cannot reach something it depends on right now.', status: 503, retry: true },
  INTERNAL: {
    meaning: 'The server has a defect; the message quotes the id of the log entry.',
    status: 500,
    retry: true,
  },
} as const satisfies Record<string, { meaning: string; status: number; retry: boolean }>

export type FailureCode = keyof typeof failures

/** What is wrong with one field. `path` starts at the argument: `['input', 'messages', 0, 'text']`. */
export interface InputIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

interface FailureOptions extends ErrorOptions {
  readonly issues?: readonly InputIssue[]
  readonly retryAfterSeconds?: number
}

/** An expected failure: its message is for the caller. Anything else that is thrown is a defect and is masked. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly issues: readonly InputIssue[]
  /** When to retry the same request, in seconds. Null: unknown. */
  readonly retryAfterSeconds: number | null

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options)
    this.name = 'Failure'
    this.code = code
    this.issues = options.issues ?? []
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

/** A guess at when an unreachable service is back. */
const unavailableRetrySeconds = 5

/**
 * A temporary UNAVAILABLE, with advice to retry. One that lasts until someone changes the configuration has no advice.
 */
export function unavailable(message: string, options: ErrorOptions = {}): Failure {
  return new Failure('UNAVAILABLE', message, { ...options, retryAfterSeconds: unavailableRetrySeconds })
}

/** BAD_USER_INPUT for one or more fields. The message repeats the issues, for clients that show only the message. */
export function badInput(issues: readonly InputIssue[]): Failure {
  return ofFields('BAD_USER_INPUT', issues)
}

/** FORBIDDEN for one or more fields, as `badInput` has them. */
export function forbidden(issues: readonly InputIssue[]): Failure {
  return ofFields('FORBIDDEN', issues)
}

/** A failure that names one or more fields. */
export function ofFields(code: FailureCode, issues: readonly InputIssue[]): Failure {
  return new Failure(code, issues.map((issue) => `${formatPath(issue.path)}: ${issue.message}`).join('; '), { issues })
}

function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )
}

/** How a run can fail: data in its last event, never thrown. */
export const outcomes = {
  MODEL_UNAVAILABLE: 'The model could not be reached, or its answer broke off.',
  MODEL_REJECTED: 'The model refused the request or a content filter stopped it.',
  TIMEOUT: 'The run worked longer than its `timeoutSeconds`.',
  WORKER_LOST: 'The run lost its worker several times in a row without progress.',
  UNAVAILABLE: 'The server stopped and no other worker could take over the run.',
  LIMIT_EXCEEDED:
    "The run's log reached its limit of entries or bytes, or its account that of stored bytes, or of tokens or money in a day.",
  CONFLICT: 'The message that the dispatch was to continue from was no longer in its conversation.',
  INTERNAL: 'The server has a defect.',
} as const satisfies Record<string, string>

export type OutcomeCode = keyof typeof outcomes
