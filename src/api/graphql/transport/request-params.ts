import { GraphQLError } from 'graphql'
import { parseJson } from '../../../kernel/json.ts'

interface RequestParams {
  readonly query?: string | null | undefined
  readonly operationName?: string | null | undefined
  readonly variables?: unknown
  readonly extensions?: unknown
}

/**
 * The parameters of a request as GraphQL clients mean them. Postman, Insomnia, Altair, Bruno and generated clients write an
 * empty string or null for what is absent, and some write `variables` and `extensions` as a string of JSON. Throws
 * SyntaxError for a string that is none.
 */
export function readParams<Params extends RequestParams>(params: Params): Params {
  const { operationName, variables, extensions } = params
  return {
    ...params,
    ...(operationName !== undefined && { operationName: operationName === '' ? null : operationName }),
    ...(variables !== undefined && { variables: objectOf(variables) }),
    ...(extensions !== undefined && { extensions: objectOf(extensions) }),
  }
}

/**
 * A message of graphql-transport-ws with its parameters as meant. The library closes the connection over another form, and over
 * a hash without a document. A message that cannot be read so stays as it is.
 */
export function readMessage(message: unknown): unknown {
  const { type, payload } = (message ?? {}) as { readonly type?: unknown; readonly payload?: RequestParams | null }
  if (type !== 'subscribe' || typeof payload !== 'object' || payload === null) return message
  try {
    const params = readParams(payload)
    const isHashAlone = persistedQueryError(params) !== null
    return { ...(message as object), payload: isHashAlone ? { ...params, query: '' } : params }
  } catch {
    return message
  }
}

function objectOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value.trim() === '' ? null : parseJson(value)
}

/**
 * The error of a request that names a document by its hash alone, or null. Clients of that protocol send the document
 * after this answer, and no more hashes.
 */
export function persistedQueryError({ query, extensions }: RequestParams): GraphQLError | null {
  const hash = (extensions as { readonly persistedQuery?: unknown } | null | undefined)?.persistedQuery
  if ((query ?? '') !== '' || hash === undefined || hash === null) return null
  // Clients look for this very message, or the code.
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: {
      code: 'PERSISTED_QUERY_NOT_SUPPORTED',
      http: { status: 200, headers: { 'cache-control': 'no-store' } },
    },
  })
}
