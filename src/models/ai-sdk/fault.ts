import {
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  InvalidResponseDataError,
  JSONParseError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider'
import { parsed } from '../../kernel/json.ts'
import { retryAfterMs } from '../../kernel/retry-after.ts'
import { type FaultPlace, ModelFault, type ModelFaultOptions } from '../model.ts'
import { hide, kindOf } from '../wire/faults.ts'
import { fieldsOf, textOf } from '../wire/fields.ts'
import { judgeError, readError, waitOf } from '../wire/told-error.ts'

/**
 * Turns an error that a provider threw or put into its stream into a ModelFault. The message quotes the provider,
 * without `secret`; the original is the `cause`, unless it contains the secret.
 */
export function aiSdkFault(error: unknown, secret?: string): ModelFault {
  const isLeaking = hide(allTextOf(error), secret) !== allTextOf(error)
  const { kind, ...verdict } = verdictOf(error)
  const options = { ...verdict, place: placeOf(error) }
  return new ModelFault(kind, hide(messageOf(error), secret), isLeaking ? options : { ...options, cause: error })
}

function placeOf(error: unknown): FaultPlace {
  const { url, statusCode } = APICallError.isInstance(error) ? error : { url: '', statusCode: undefined }
  return {
    host: URL.canParse(url) ? new URL(url).host : null,
    status: statusCode ?? null,
    code: networkCode(APICallError.isInstance(error) ? error.cause : error),
  }
}

function verdictOf(error: unknown): ModelFaultOptions & { readonly kind: ModelFault['kind'] } {
  const isUnaskable = [UnsupportedFunctionalityError, InvalidPromptError, InvalidArgumentError].some((type) =>
    type.isInstance(error),
  )
  if (isUnaskable) return { kind: 'rejected' }
  // A failed validation recurs however often the model is asked.
  if (isUnreadable(error)) return { kind: 'unavailable', isRetryable: true, sameAs: messageOf(error) }
  const { statusCode, data } = fieldsOf(error)
  const status = typeof statusCode === 'number' && statusCode >= 400 ? statusCode : null
  const told = readError(bodyOf(error) ?? data ?? error)
  const after = retryAfterMs(APICallError.isInstance(error) ? error.responseHeaders : undefined)
  return kindOf(judgeError(told, status) ?? 'passing', after ?? waitOf(told))
}

/** Some servers write an event stream even when they refuse. */
function bodyOf(error: unknown): unknown {
  const text = textOf(fieldsOf(error)['responseBody']) ?? ''
  return parsed(text) ?? parsed(/^data:(.*)$/m.exec(text)?.[1] ?? '')
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

function messageOfCall(error: APICallError): string {
  const { statusCode, message, cause } = error
  if (statusCode === undefined) return `The provider could not be reached${inBrackets(networkCode(cause))}.`
  const { words } = readError(bodyOf(error) ?? null)
  if (words !== null) return words
  if (statusCode === 404 && message === 'Not Found')
    return 'The provider answered 404: it has no such model, or its base URL lacks a part, such as /v1.'
  if (statusCode < 300) return `The provider's answer broke off${inBrackets(networkCode(cause))}.`
  return message === '' ? `The provider answered ${statusCode}.` : message
}

/** The system's code, without the addresses in its message. */
function networkCode(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code
  }
  return null
}

const inBrackets = (code: string | null) => (code === null ? '' : ` (${code})`)

function allTextOf(error: unknown): string {
  const { message, responseBody, stack, cause, data } = fieldsOf(error)
  const inner = cause === undefined ? '' : allTextOf(cause)
  return [String(error), message, responseBody, stack, JSON.stringify(data ?? null), inner].join('\n')
}
