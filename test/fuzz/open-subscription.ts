import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { FuzzedOperation } from './graphql-operation.ts'
import { patientFetch } from './patient-fetch.ts'

export interface Opened {
  /** Results and errors, each as JSON. */
  readonly results: readonly string[]
  /** The code that the connection was closed with by the server, or the status of a response that is no stream. */
  readonly closed: number | null
}

export interface OpenOptions {
  readonly url: string
  readonly authorization: string | null
}

/** A subscription that is left after its first results, or after a moment without any. */
export type OpenSubscription = (operation: FuzzedOperation, options: OpenOptions) => Promise<Opened>

const mostResults = 3
const patienceMs = 150

export const openWebsocket: OpenSubscription = async ({ query, variables }, { url, authorization }) => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(authorization !== null && { connectionParams: { authorization } }),
  })
  const iterator = client.iterate({ query, variables })
  const leave = setTimeout(() => void iterator.return?.(), patienceMs)
  const results: string[] = []
  try {
    for await (const result of iterator) if (results.push(JSON.stringify(result)) === mostResults) break
    return { results, closed: null }
  } catch (error) {
    if (Array.isArray(error)) return { results: [...results, JSON.stringify({ errors: error })], closed: null }
    return { results, closed: (error as { code?: number }).code ?? 0 }
  } finally {
    clearTimeout(leave)
    await client.dispose()
  }
}

export const openEventStream: OpenSubscription = async (operation, { url, authorization }) => {
  const abort = new AbortController()
  const response = await patientFetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(authorization !== null && { authorization }),
    },
    body: JSON.stringify(operation),
    signal: abort.signal,
  })
  if (response.status !== 200) return { results: [await response.text()], closed: response.status }
  const leave = setTimeout(() => abort.abort(), patienceMs)
  let text = ''
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8')
      if (text.split('event: next').length > mostResults) break
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error
  } finally {
    clearTimeout(leave)
    abort.abort()
  }
  const results = [...text.matchAll(/^event: next\ndata: ?(.*)\n/gm)].map(([, data = '']) => data)
  return { results, closed: null }
}
