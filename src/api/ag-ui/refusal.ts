import type { Failure } from '../../kernel/errors.ts'
import type { ApiRefusal } from '../api.ts'

/** Bounds the size of an error, however many fields are wrong. */
const mostIssues = 20

/** The form of an error before a stream begins. AG-UI has none of its own: `HttpAgent` shows the status and the body. */
export function refusalOf({ code, message, issues }: Failure, status: number): ApiRefusal {
  const told = issues.slice(0, mostIssues)
  const words = issues.length > mostIssues ? told.map((issue) => issue.message).join('; ') : message
  return { status, headers: {}, body: { code, message: words, ...(told.length > 0 && { issues: told }) } }
}
