import type { IncomingMessage } from 'node:http'
import { requestPath } from '../../kernel/request-path.ts'
import { createGraphiqlAssets, type GraphiqlResponse } from './graphiql-assets.ts'

export interface GraphiqlOptions {
  /** Where GraphQL is served; a browser that asks for a page there gets GraphiQL. */
  readonly paths: readonly string[]
  /** Of the channel that the page's tabs are about; a new one on each visit. */
  readonly channelId: () => string
}

/** Answers what belongs to GraphiQL: its page and the page's parts. Null: the request is for others. */
export type Graphiql = (request: IncomingMessage) => Promise<GraphiqlResponse | null>

export function createGraphiql({ paths, channelId }: GraphiqlOptions): Graphiql {
  const assets = createGraphiqlAssets()
  return async (request) => {
    const path = requestPath(request)
    if (paths.includes(path)) return wantsPage(request) ? assets.page({ channelId: channelId() }) : null
    return assets.handle({ path, acceptEncoding: String(request.headers['accept-encoding'] ?? '') })
  }
}

/** Browsers' address bars ask for HTML; GraphQL clients never do. */
function wantsPage({ method, headers, url = '' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return (
    String(headers.accept ?? '').includes('text/html') && !new URLSearchParams(url.split('?')[1] ?? '').has('query')
  )
}
