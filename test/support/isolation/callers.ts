import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface CallerResult {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

export interface Call {
  readonly query: string
  readonly variables?: object
  /** As the Authorization header, or connection_init, has it; absent: none is sent. */
  readonly authorization?: string | undefined
  /** Leaves after so many results. Default: all of them. */
  readonly take?: number
}

export interface Reply {
  readonly results: readonly CallerResult[]
  /** How the connection was closed, where that was the answer. */
  readonly closed: number | null
}

export type Transport = (url: string, call: Call) => Promise<Reply>

function post(url: string, accept: string, { query, variables, authorization }: Call, signal?: AbortSignal) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...(authorization !== undefined && { authorization }) },
    body: JSON.stringify({ query, variables }),
    ...(signal !== undefined && { signal }),
  })
}

export const overHttp: Transport = async (url, call) => {
  const response = await post(url, 'application/graphql-response+json', call)
  return { results: [(await response.json()) as CallerResult], closed: null }
}

export const overSse: Transport = async (url, call) => {
  const abort = new AbortController()
  const response = await post(url, 'text/event-stream', call, abort.signal)
  const results: CallerResult[] = []
  let text = ''
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString('utf8')
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^event: next\ndata: ?(.*)$/m.exec(event)?.[1]
      if (data !== undefined) results.push(JSON.parse(data) as CallerResult)
    }
    if (results.length >= (call.take ?? Number.POSITIVE_INFINITY)) break
  }
  abort.abort()
  return { results: results.slice(0, call.take), closed: null }
}

export const overWebsocket: Transport = async (url, { query, variables = {}, authorization, take }) => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(authorization !== undefined && { connectionParams: { authorization } }),
  })
  const results: CallerResult[] = []
  try {
    for await (const result of client.iterate({ query, variables: { ...variables } })) {
      results.push(result as CallerResult)
      if (results.length === take) break
    }
    return { results, closed: null }
  } catch (error) {
    if (Array.isArray(error)) return { results: [...results, { errors: error }], closed: null }
    return { results, closed: (error as { code?: number }).code ?? null }
  } finally {
    await client.dispose()
  }
}

export const callerTransports = { HTTP: overHttp, SSE: overSse, WebSocket: overWebsocket } as const

/** The codes of a reply's errors, or how its connection was closed. */
export function refusalOf({ results, closed }: Reply): readonly unknown[] {
  if (closed !== null) return [closed]
  return results.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? [])
}

/** The data of a call that goes well, over HTTP. */
export async function dataOf<Data>(url: string, call: Call): Promise<Data> {
  const { results } = await overHttp(url, call)
  const [result] = results
  if (result?.errors !== undefined || result?.data == null) throw new Error(JSON.stringify(result))
  return result.data as Data
}

const mintQuery =
  'mutation ($input: CreateChannelTokenInput!) { createChannelToken(input: $input) { channelToken { token expiresAt } } }'

/** A channel token as its owner mints it. */
export async function mintToken(url: string, key: string, input: object): Promise<string> {
  const call = { query: mintQuery, variables: { input }, authorization: `Bearer ${key}` }
  const { createChannelToken } = await dataOf<{ createChannelToken: { channelToken: { token: string } } }>(url, call)
  return createChannelToken.channelToken.token
}

/** As `mintToken`, of a conversation. */
export async function mintConversationToken(url: string, key: string, input: object): Promise<string> {
  const query =
    'mutation ($input: CreateConversationTokenInput!) { minted: createConversationToken(input: $input) { conversationToken { token } } }'
  const call = { query, variables: { input }, authorization: `Bearer ${key}` }
  const { minted } = await dataOf<{ minted: { conversationToken: { token: string } } }>(url, call)
  return minted.conversationToken.token
}
