import type { ExecutionResult, GraphQLError } from 'graphql'
import { type FetchAPI, isAsyncIterable, type Plugin } from 'graphql-yoga'
import { failures } from '../../../kernel/errors.ts'
import { withExtensions } from './mask-error.ts'

/**
 * Sets the status of a response by GraphQL over HTTP. A well-formed request gets 200 in `application/json` and in an
 * event stream, whatever its result; in `application/graphql-response+json` it gets the status of its failure unless
 * there is data too. Stock SSE clients read errors only from a 200. A request whose `Accept` we cannot satisfy is a 406
 * with a code.
 */
export function useHttpStatus(): Plugin {
  return {
    onResultProcess({ result, setResult, resultProcessor, setResultProcessor }) {
      if (resultProcessor === undefined) return setResultProcessor(notAcceptable, 'application/json')
      if (!Array.isArray(result) && !isAsyncIterable(result)) setResult(withStatuses(result))
    },
  }
}

/** The result with the status of its errors, unless there is data too. */
export function withStatuses(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined || hasData(result)) return result
  return { ...result, errors: result.errors.map(withStatus) }
}

function hasData({ data }: ExecutionResult): boolean {
  return data !== null && data !== undefined
}

function withStatus(error: GraphQLError): GraphQLError {
  const { code, http, retryAfterSeconds } = error.extensions
  if (http !== undefined) return error
  const status = Object.hasOwn(failures, String(code)) ? failures[code as keyof typeof failures].status : 400
  const headers = typeof retryAfterSeconds === 'number' ? { headers: { 'retry-after': String(retryAfterSeconds) } } : {}
  // `spec` is Yoga's flag that this status does not apply to `application/json` and event streams.
  return withExtensions(error, { ...error.extensions, http: { status, spec: true, ...headers } })
}

function notAcceptable(result: object, fetchAPI: FetchAPI): Response {
  // Closes a subscription that nobody will read.
  if (isAsyncIterable(result)) void result[Symbol.asyncIterator]().return?.()
  const message =
    'None of the types that the request accepts fits: application/json for queries, text/event-stream for subscriptions.'
  return fetchAPI.Response.json({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] }, { status: 406 })
}
