import type { IncomingMessage } from 'node:http'
import { requestPath } from '../../kernel/request-path.ts'
import { createGraphiqlAssets, type GraphiqlResponse } from './graphiql-assets.ts'

export interface GraphiqlOptions {
  /** The paths of GraphQL. A browser that requests a page there gets GraphiQL. */
  readonly paths: readonly string[]
  /** Returns the channel id for the tabs; a new one on each visit. */
  readonly channelId: () => string
}

/** Answers requests for the GraphiQL page and its assets. Null: the request is for something else. */
export type Graphiql = (request: IncomingMessage) => Promise<GraphiqlResponse | null>

export function createGraphiql({ paths, channelId }: GraphiqlOptions): Graphiql {
  const assets = createGraphiqlAssets()
  return async (request) => {
    const path = requestPath(request)
    if (paths.includes(path)) return wantsPage(request) ? assets.page({ channelId: channelId() }) : null
    return assets.handle({ path, acceptEncoding: String(request.headers['accept-encoding'] ?? '') })
  }
}

/** Browsers request HTML when a user enters the address; GraphQL clients never do. */
function wantsPage({ method, headers, url = '' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return (
    String(headers.accept ?? '').includes('text/html') && !new URLSearchParams(url.split('?')[1] ?? '').has('query')
  )
}
