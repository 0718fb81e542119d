import { type Failure, type FailureCode, failures, type InputIssue } from '../../kernel/errors.ts'

/** An error as the compatible API tells it: exactly these two. */
export type ErrorBody = {
  readonly message: string
  readonly code: string
}

export interface Refusal {
  readonly status: number
  readonly body: ErrorBody
  readonly headers: Readonly<Record<string, string>>
}

/** The compatible code of each failure. Statuses are those of `kernel/errors.ts`. */
const codes: Record<FailureCode, string> = {
  BAD_USER_INPUT: 'BAD_REQUEST',
  UNAUTHENTICATED: 'NOT_AUTHENTICATED',
  FORBIDDEN: 'NOT_AUTHORIZED',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  CURSOR_EXPIRED: 'GONE',
  LIMIT_EXCEEDED: 'TOO_MANY_REQUESTS',
  PAYLOAD_TOO_LARGE: 'CONTENT_TOO_LARGE',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
}

export const errorCodes: readonly string[] = [...Object.values(codes), 'LIMITS_REACHED', 'NOT_IMPLEMENTED']

/**
 * The vendor's client sends a request three times more on 429, 500, 502, 503 and 504. A limit for which no waiting is advised is
 * a 422 instead, and what the server cannot do with a field a 501.
 */
export function refusalOf(failure: Failure, status: number = failures[failure.code].status): Refusal {
  const { code, issues, retryAfterSeconds } = failure
  const message = issues.length === 0 ? failure.message : sentence(issues)
  const headers = {
    ...(retryAfterSeconds !== null && { 'retry-after': String(retryAfterSeconds) }),
    ...(code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
  }
  if (code === 'LIMIT_EXCEEDED' && retryAfterSeconds === null)
    return { status: 422, body: { message, code: 'LIMITS_REACHED' }, headers }
  if (code === 'UNAVAILABLE' && issues.length > 0)
    return { status: 501, body: { message, code: 'NOT_IMPLEMENTED' }, headers }
  return { status, body: { message, code: status === 408 ? 'TIMEOUT' : codes[code] }, headers }
}

/** An answer stays small, however much is wrong. */
const mostIssues = 20

/** Issues as one message. The body is the whole input here, so paths begin inside it. */
function sentence(issues: readonly InputIssue[]): string {
  const parts = issues.slice(0, mostIssues).map(({ path: [head, ...rest], message }) => {
    const path = head === 'input' ? rest : head === undefined ? rest : [head, ...rest]
    return path.length === 0 ? message : `${formatted(path)}: ${message}`
  })
  return issues.length > mostIssues ? [...parts, '…'].join('; ') : parts.join('; ')
}

function formatted(path: InputIssue['path']): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )
}
