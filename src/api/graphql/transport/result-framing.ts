import { type ExecutionResult, GraphQLError } from 'graphql'

/** How a type of streamed answers writes results. */
export interface ResultFraming {
  readonly contentType: string
  /** Written immediately. Some browsers give an answer to the page only once something of its body has come. */
  readonly first: string
  readonly result: (json: string) => string
  readonly beat: string
  readonly end: string
}

const part = (json: string) =>
  `\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}\r\n---`

export const resultFraming = {
  /** The distinct connections mode of graphql-sse. */
  'text/event-stream': {
    contentType: 'text/event-stream',
    first: ':\n\n',
    result: (json) => `event: next\ndata: ${json}\n\n`,
    beat: ':\n\n',
    end: 'event: complete\ndata:\n\n',
  },
  'multipart/mixed': {
    contentType: 'multipart/mixed; boundary="-"',
    first: '\r\n---',
    result: part,
    beat: part('{}'),
    end: '--\r\n',
  },
} as const satisfies Readonly<Record<string, ResultFraming>>

/** The result as clients get it: its errors without what is meant for Yoga. */
export function resultJson(result: ExecutionResult): string {
  const { errors } = result
  return JSON.stringify(errors === undefined ? result : { ...result, errors: errors.map(toldError) })
}

function toldError(error: GraphQLError): unknown {
  const { http, unexpected, ...extensions } = error.extensions
  const { extensions: _all, ...told } = error instanceof GraphQLError ? error.toJSON() : error
  return Object.keys(extensions).length === 0 ? told : { ...told, extensions }
}

interface ErrorHttp {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The status is that of other media types. */
  readonly spec?: boolean
}

const statusType = 'application/graphql-response+json'

/**
 * Status and headers of the answer with this result alone: 200, except for a malformed request, and for a failure in the media
 * type whose answers have the status of their failure.
 */
export function headOf({ errors = [] }: ExecutionResult, mediaType = 'application/json') {
  const https = errors.map(({ extensions }) => (extensions['http'] ?? {}) as ErrorHttp)
  const statuses = https.map(({ spec, status = 200 }) => (spec === true && mediaType !== statusType ? 200 : status))
  return { status: Math.max(200, ...statuses), headers: Object.assign({}, ...https.map(({ headers }) => headers)) }
}
