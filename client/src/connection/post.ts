import type { CredentialStore } from '../credentials.ts'
import { BackchannelError, networkError, refusal } from '../errors.ts'
import type { GraphqlRequest } from './transport.ts'

export interface HttpOptions {
  readonly url: string
  readonly fetch: typeof fetch
  readonly credentials: CredentialStore
}

interface Posting {
  readonly accept: string
  readonly channelId: string | null
  readonly signal: AbortSignal
}

export interface Posted {
  readonly response: Response
  /** Call it when the server has not refused the request. */
  accepted(): void
  judge(error: BackchannelError): BackchannelError
}

/** Rejects with a `BackchannelError`: NETWORK when there is no answer, or when another credential may help. */
export async function post(options: HttpOptions, request: GraphqlRequest, posting: Posting): Promise<Posted> {
  const { url, credentials } = options
  const { accept, channelId, signal } = posting
  const scope = credentials.scopeOf(channelId)
  const authorization = await credentials.header(scope)
  const headers = { 'content-type': 'application/json', accept, ...(authorization === null ? {} : { authorization }) }
  const body = JSON.stringify(request)
  const response = await options
    .fetch(url, { method: 'POST', headers, body, signal, cache: 'no-store' })
    .catch((error: unknown) => {
      throw networkError('The server cannot be reached.', error)
    })
  return {
    response,
    accepted: () => credentials.accepted(scope),
    judge: (error) => credentials.judge(error, scope, authorization),
  }
}

/** The data of an answer in JSON. */
export async function readData({ response, accepted, judge }: Posted): Promise<unknown> {
  const { data, errors } = await readResult(response)
  if (errors !== undefined) throw judge(refusal(errors))
  accepted()
  return data
}

interface Result {
  readonly data?: unknown
  readonly errors?: Parameters<typeof refusal>[0]
}

async function readResult(response: Response): Promise<Result> {
  return response.json().catch((error: unknown) => {
    // What stands in between may answer with a page of its own, above all while the server restarts.
    const isRefused = response.status >= 400 && response.status < 500 && response.status !== 429
    const message = `The server answers ${response.status}.`
    throw isRefused ? new BackchannelError('BAD_USER_INPUT', message, { cause: error }) : networkError(message, error)
  })
}
