import {
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  JSONParseError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider'
import { errorWords } from '../error-words.ts'
import { ModelFault, type ModelFaultOptions } from '../model.ts'
import { retryAfterMs } from '../retry-after.ts'

/** Refusals that no other request will change: of the key, of the account, of the model's name. */
const hopelessStatuses: readonly number[] = [401, 402, 403, 404, 407]

/** Refusals of the moment, not of the request: timed out, in conflict, too early, too many. */
const passingStatuses: readonly number[] = [408, 409, 425, 429]

/** What the providers call it when there is no money left: a 429 that waiting does not cure. */
const spentCodes: readonly unknown[] = ['insufficient_quota', 'billing_hard_limit_reached']

/** Shorter keys are the made-up ones of servers that ask for none; hiding `none` everywhere would help no one. */
const minSecretLength = 8

/**
 * What a provider threw, or put into its stream as an error, in the port's words. The message holds the provider's own,
 * without `secret`; the original is the `cause`, unless it holds the secret too.
 */
export function aiSdkFault(error: unknown, secret?: string): ModelFault {
  const isLeaking = secret !== undefined && secret.length >= minSecretLength && textOf(error).includes(secret)
  const message = isLeaking ? messageOf(error).replaceAll(secret, '***') : messageOf(error)
  const verdict = verdictOf(error)
  return new ModelFault(verdict.kind, message, isLeaking ? verdict : { ...verdict, cause: error })
}

function verdictOf(error: unknown): ModelFaultOptions & { readonly kind: ModelFault['kind'] } {
  const isUnaskable = [UnsupportedFunctionalityError, InvalidPromptError, InvalidArgumentError].some((type) =>
    type.isInstance(error),
  )
  if (isUnaskable) return { kind: 'rejected' }
  const code = codeOf(error)
  if (spentCodes.includes(code)) return { kind: 'unavailable' }
  if (typeof code === 'string' && /policy|content_filter|safety/.test(code)) return { kind: 'rejected' }
  const status = statusOf(error)
  if (status === null || !isRefusal(status)) {
    const after = retryAfterMs(APICallError.isInstance(error) ? error.responseHeaders : undefined)
    return {
      kind: 'unavailable',
      isRetryable: true,
      retryAfterMs: after,
      isThrottled: status === 429 || after !== null,
    }
  }
  return { kind: hopelessStatuses.includes(status) ? 'unavailable' : 'rejected' }
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !passingStatuses.includes(status)
}

/** The HTTP status, or the one that a provider or the AI SDK says for an error that came inside a stream. */
function statusOf(error: unknown): number | null {
  const { statusCode, code } = fieldsOf(error)
  const status = [statusCode, code].find((each) => typeof each === 'number' && each >= 100 && each < 600)
  return typeof status === 'number' ? status : null
}

/** The provider's word for the error: `{"error": {"code": …, "type": …}}`, from a body or from a stream's last event. */
function codeOf(error: unknown): unknown {
  const { data } = fieldsOf(error)
  const { error: inBody, response } = fieldsOf(data)
  const places = [inBody, fieldsOf(response)['error'], data, error].map(fieldsOf)
  const told = places.find(({ code, type }) => typeof (code ?? type) === 'string')
  return told?.['code'] ?? told?.['type']
}

/** Providers report errors inside a stream as an Error, as the message alone, or as the object off the wire. */
function messageOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (JSONParseError.isInstance(error) || TypeValidationError.isInstance(error)) {
    return 'The provider sent something that cannot be read.'
  }
  if (APICallError.isInstance(error)) return messageOfCall(error)
  const { message } = fieldsOf(error)
  return typeof message === 'string' && message !== '' ? message : 'The provider reported an error.'
}

function messageOfCall({ statusCode, responseBody, message, cause }: APICallError): string {
  if (statusCode === undefined) return `The provider could not be reached${networkCode(cause)}.`
  if (statusCode < 300) return errorWords(responseBody) ?? `The provider's answer broke off${networkCode(cause)}.`
  return errorWords(responseBody) ?? (message === '' ? `The provider answered ${statusCode}.` : message)
}

/** Like ` (ECONNREFUSED)`: the system's word, without the addresses that its message tells. */
function networkCode(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return ` (${each.code})`
  }
  return ''
}

function textOf(error: unknown): string {
  const { message, responseBody, stack, cause, data } = fieldsOf(error)
  const inner = cause === undefined ? '' : textOf(cause)
  return [String(error), message, responseBody, stack, JSON.stringify(data ?? null), inner].join('\n')
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
