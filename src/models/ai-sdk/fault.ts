import {
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  InvalidResponseDataError,
  JSONParseError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider'
import { errorWords } from '../error-words.ts'
import { ModelFault, type ModelFaultOptions } from '../model.ts'
import { retryAfterMs } from '../retry-after.ts'
import { hide, kindOf } from '../wire/faults.ts'
import { fieldsOf, parsed } from '../wire/fields.ts'
import { judgeError, readError } from '../wire/told-error.ts'

/**
 * What a provider threw, or put into its stream as an error, in the port's words. The message holds the provider's own,
 * without `secret`; the original is the `cause`, unless it holds the secret too.
 */
export function aiSdkFault(error: unknown, secret?: string): ModelFault {
  const isLeaking = hide(textOf(error), secret) !== textOf(error)
  const { kind, ...options } = verdictOf(error)
  return new ModelFault(kind, hide(messageOf(error), secret), isLeaking ? options : { ...options, cause: error })
}

function verdictOf(error: unknown): ModelFaultOptions & { readonly kind: ModelFault['kind'] } {
  const isUnaskable = [UnsupportedFunctionalityError, InvalidPromptError, InvalidArgumentError].some((type) =>
    type.isInstance(error),
  )
  if (isUnaskable) return { kind: 'rejected' }
  // What its schema makes of it comes back however often the model is asked.
  if (isUnreadable(error)) return { kind: 'unavailable', isRetryable: true, sameAs: messageOf(error) }
  const { statusCode, data, responseBody } = fieldsOf(error)
  const status = typeof statusCode === 'number' && statusCode >= 400 ? statusCode : null
  const body = typeof responseBody === 'string' ? parsed(responseBody) : undefined
  const read = judgeError(readError(body ?? data ?? error), status) ?? 'passing'
  const verdict = kindOf(read)
  if (verdict.isRetryable !== true) return verdict
  const after = retryAfterMs(APICallError.isInstance(error) ? error.responseHeaders : undefined)
  return { ...verdict, retryAfterMs: after, isThrottled: read === 'throttled' || after !== null }
}

function isUnreadable(error: unknown): boolean {
  return [JSONParseError, TypeValidationError, InvalidResponseDataError].some((type) => type.isInstance(error))
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
