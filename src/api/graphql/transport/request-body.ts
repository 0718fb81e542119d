import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { FailureCode } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import { parseJson } from '../../../kernel/json.ts'
import type { ApiDeps } from '../../api.ts'
import { bodyCost } from '../../loop-costs.ts'
import { type Body, readable, readBody } from '../../read-body.ts'
import { persistedQueryError, readParams } from './request-params.ts'

interface HttpContext {
  readonly req: IncomingMessage
  readonly res?: ServerResponse
}

interface RequestBodyOptions extends Pick<ApiDeps, 'maxRequestBytes' | 'bodyRoom' | 'loopTurns'> {
  readonly accountOf: (request: IncomingMessage) => AccountId
}

export interface RequestBodies {
  /** Reads the body of an authenticated request, once: a further call returns the same. */
  read(request: IncomingMessage, response: ServerResponse | undefined): Promise<Body>
}

export function createRequestBodies(options: RequestBodyOptions): RequestBodies {
  const { maxRequestBytes, bodyRoom, loopTurns, accountOf } = options
  const bodies = new WeakMap<IncomingMessage, Promise<Body>>()
  const readOnce = async (request: IncomingMessage, response: ServerResponse | undefined) => {
    // It is absent for a WebSocket, whose messages are no bodies.
    const keep = response === undefined ? null : await bodyRoom.enter(request, response, accountOf(request))
    const body = await readBody(request, maxRequestBytes)
    const bytes = Buffer.isBuffer(body) ? body.byteLength : 0
    keep?.(bytes)
    await loopTurns.pass(accountOf(request), bodyCost(bytes))
    return readable(body)
  }
  return {
    read(request, response) {
      const body = bodies.get(request) ?? readOnce(request, response)
      bodies.set(request, body)
      return body
    },
  }
}

/** Accepts bodies up to the limit, in the types that Yoga knows. Refuses others with a code. */
export function useRequestBody(bodies: RequestBodies): Plugin<object, HttpContext> {
  return {
    onRequestParse({ request, requestParser, setRequestParser, serverContext, fetchAPI }) {
      const { method, url, headers } = request
      if (method !== 'GET' && method !== 'POST') return
      if (requestParser === undefined)
        throw refusal(415, 'The content-type is none that is read here; send application/json.')
      setRequestParser(async () => {
        const body = method === 'GET' ? null : await bodies.read(serverContext.req, serverContext.res)
        if (body !== null && !Buffer.isBuffer(body)) throw refusal(body.status, body.message, body.code)
        try {
          const read = new fetchAPI.Request(url, { method, headers, body })
          read.json = async () => parseJson(await read.text())
          const params = await requestParser(read)
          return withExactVariables(
            params,
            body === null ? new URL(url, 'http://localhost').searchParams : formOf(body, headers),
          )
        } catch (error) {
          // Yoga parses JSON in URL and form parameters without handling its errors.
          throw error instanceof SyntaxError ? refusal(400, '`variables` and `extensions` must be valid JSON.') : error
        }
      })
    },
    // Yoga checks the types of all other parameters.
    onParams({ params, setParams }) {
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return
      const read = paramsOf(params)
      setParams(read)
      const persisted = persistedQueryError(read)
      if (persisted !== null) throw persisted
      const { operationName } = read
      const isString = operationName == null || typeof operationName === 'string'
      if (!isString) throw refusal(400, '`operationName` takes a string.')
    },
  }
}

/** The fields of a form; null for another body. */
function formOf(body: Uint8Array, headers: Headers): URLSearchParams | null {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '')
  return isForm ? new URLSearchParams(Buffer.from(body).toString()) : null
}

/** Yoga has read them with numbers that may be rounded. */
function withExactVariables<Params extends object>(params: Params, fields: URLSearchParams | null): Params {
  const variables = fields?.get('variables') ?? ''
  return variables === '' || Array.isArray(params) ? params : { ...params, variables: parseJson(variables) }
}

function paramsOf(params: GraphQLParams): GraphQLParams {
  try {
    return readParams(params)
  } catch {
    throw refusal(400, '`variables` and `extensions` must be valid JSON.')
  }
}

/** A malformed request. Its status applies whatever the media type of the response. */
function refusal(status: number, message: string, code: FailureCode = 'BAD_USER_INPUT'): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } })
}
