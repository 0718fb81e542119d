import { type Failure, type FailureCode, failures, type InputIssue } from '../../kernel/errors.ts'
import type { ApiRefusal } from '../api.ts'

interface Form {
  /** Absent: that of the failure. */
  readonly status?: number
  readonly type: string
  readonly code: string
}

/** OpenAI's words for each failure. Its clients send 408, 409, 429 and 5xx again, so what stays refused has none of these. */
const forms: Readonly<Record<FailureCode, Form>> = {
  BAD_USER_INPUT: { type: 'invalid_request_error', code: 'invalid_value' },
  UNAUTHENTICATED: { type: 'authentication_error', code: 'invalid_api_key' },
  FORBIDDEN: { type: 'permission_error', code: 'insufficient_permissions' },
  NOT_FOUND: { type: 'invalid_request_error', code: 'not_found' },
  CONFLICT: { status: 400, type: 'invalid_request_error', code: 'conflict' },
  CURSOR_EXPIRED: { status: 404, type: 'invalid_request_error', code: 'not_found' },
  LIMIT_EXCEEDED: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  PAYLOAD_TOO_LARGE: { type: 'invalid_request_error', code: 'request_too_large' },
  UNAVAILABLE: { type: 'server_error', code: 'service_unavailable' },
  INTERNAL: { type: 'server_error', code: 'internal_error' },
}

/** A limit that no waiting mends, and what this server has not been configured for. */
const forGood: Form = { status: 400, type: 'invalid_request_error', code: 'unavailable_here' }

/** The form of an error in OpenAI's API. `param` is the first parameter that is wrong; the message names them all. */
export function refusalOf(failure: Failure, status: number = failures[failure.code].status): ApiRefusal {
  const form = formOf(failure)
  const { issues } = failure
  const [first] = issues
  const message = first === undefined ? failure.message : sentence(issues)
  const param = first === undefined || first.path.length === 0 ? null : formatted(first.path)
  return {
    status: form.status ?? status,
    headers: {},
    body: { error: { message, type: form.type, param, code: form.code } },
  }
}

function formOf({ code, issues, retryAfterSeconds }: Failure): Form {
  const isForGood =
    retryAfterSeconds === null && (code === 'LIMIT_EXCEEDED' || (code === 'UNAVAILABLE' && issues.length > 0))
  return isForGood ? forGood : forms[code]
}

/** Bounds the size of an error, however many parameters are wrong. */
const mostIssues = 20

function sentence(issues: readonly InputIssue[]): string {
  const parts = issues
    .slice(0, mostIssues)
    .map(({ path, message }) => (path.length === 0 ? message : `${formatted(path)}: ${message}`))
  return [...parts, ...(issues.length > mostIssues ? ['…'] : [])].join('; ')
}

function formatted(path: InputIssue['path']): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )
}
