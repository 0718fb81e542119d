import { type Failure, type FailureCode, failures, type InputIssue } from '../../kernel/errors.ts'

/** The body of an error in the compatible API: exactly these two fields. */
export type ErrorBody = {
  readonly message: string
  readonly code: string
}

export interface Refusal {
  readonly status: number
  readonly body: ErrorBody
  readonly headers: Readonly<Record<string, string>>
}

/** The compatible code of each failure. The status comes from `kernel/errors.ts`. */
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
 * Errors that retrying cannot fix never use a status the SDK retries (429, 500, 502, 503, 504; it retries three times). So a
 * limit without retry advice is a 422, and a field that this server is not configured for is a 501.
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

/** Bounds the size of an error, however many fields are wrong. */
const mostIssues = 20

/** Joins issues into one message. The body is the whole input here, so paths start inside `input`. */
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
