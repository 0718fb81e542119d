/** What a caller may meet: code -> meaning, HTTP status, and whether the same request may succeed later. Exhaustive. */
export const failures = {
  BAD_USER_INPUT: {
    meaning: 'The request is not of the documented form; `issues` names each field.',
    status: 400,
    retry: false,
  },
  UNAUTHENTICATED: { meaning: 'There is no valid credential.', status: 401, retry: false },
  FORBIDDEN: { meaning: 'The credential does not allow this.', status: 403, retry: false },
  NOT_FOUND: { meaning: 'There is no such thing in this account.', status: 404, retry: false },
  CONFLICT: { meaning: 'The request contradicts what is already stored.', status: 409, retry: false },
  CURSOR_EXPIRED: {
    meaning: 'The log does not reach back to this cursor any more: start from its beginning.',
    status: 410,
    retry: false,
  },
  LIMIT_EXCEEDED: { meaning: 'A limit of the server or the account is reached.', status: 429, retry: true },
  PAYLOAD_TOO_LARGE: { meaning: 'The request is larger than the server takes.', status: 413, retry: false },
  UNAVAILABLE: { meaning: 'What the server depends on cannot be reached right now.', status: 503, retry: true },
  INTERNAL: {
    meaning: 'A defect of the server; the message quotes the id under which it was logged.',
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
  /** When the same request may succeed; null: nothing is known about that. */
  readonly retryAfterSeconds: number | null

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options)
    this.name = 'Failure'
    this.code = code
    this.issues = options.issues ?? []
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

/** When what could not be reached may be there again; a guess. */
const unavailableRetrySeconds = 5

/** UNAVAILABLE of the moment, with the advice to try again. One that lasts until somebody configures something has none. */
export function unavailable(message: string, options: ErrorOptions = {}): Failure {
  return new Failure('UNAVAILABLE', message, { ...options, retryAfterSeconds: unavailableRetrySeconds })
}

/** BAD_USER_INPUT about one field or several; the message repeats them for readers who look no further. */
export function badInput(issues: readonly InputIssue[]): Failure {
  const message = issues.map((issue) => `${formatPath(issue.path)}: ${issue.message}`).join('; ')
  return new Failure('BAD_USER_INPUT', message, { issues })
}

function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )
}

/** How a run can fail: data in its last event, never thrown. */
export const outcomes = {
  MODEL_UNAVAILABLE: 'The model could not be reached, or broke off.',
  MODEL_REJECTED: 'The model refused the request or a content filter stopped it.',
  TIMEOUT: "The run's `timeoutSeconds` of work were used up.",
  WORKER_LOST: 'The run lost its worker several times in a row without getting any further.',
  UNAVAILABLE: 'The server stopped and had nowhere to hand the run over to.',
  LIMIT_EXCEEDED: "The run's log reached its limit of entries or bytes.",
  INTERNAL: 'A defect of the server.',
} as const satisfies Record<string, string>

export type OutcomeCode = keyof typeof outcomes
