import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { requestPath } from '../../kernel/request-path.ts'
import { createEncodings, type Encoding, preferredEncoding } from '../encodings.ts'
import { hasValidHost } from '../valid-host.ts'
import { consoleHeaders } from './console-headers.ts'
import type { BuiltFile } from './read-build.ts'

export interface ConsoleResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * Answers requests for the console's pages and its files, at the paths that its build names: `/` and below `/console/`. Null: the request is for something else. The files hold
 * nothing of any account, so no key is asked for: the page calls the API, which asks.
 */
export type Console = (request: IncomingMessage) => Promise<ConsoleResponse | null>

/** As in `shell/routes.tsx` of the console: one document, which shows the page of its path. */
const pagePaths = /^\/(?:$|(?:runs|overview|resources)(?:\/|$)|try\/)/

interface Served {
  readonly headers: Readonly<Record<string, string>>
  /** Of the content; each encoding has a tag of its own. */
  readonly hash: string
  encoded(encoding: Encoding): Promise<Buffer>
}

/** @param files null: the console has not been built */
export function createConsole(files: readonly BuiltFile[] | null): Console {
  const served = new Map((files ?? []).map((file) => [`/console/${file.name}`, serve(file)]))
  const index = served.get('/console/index.html')
  return async (request) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || !hasValidHost(request)) return null
    const path = requestPath(request)
    const isPage = pagePaths.test(path)
    if (files === null && isPage) return notBuilt
    const file = isPage ? index : served.get(path)
    return file === undefined ? null : respond(file, request)
  }
}

function serve({ name, contentType, content }: BuiltFile): Served {
  // Vite puts a hash of the content into these names.
  const isHashed = /^assets\/.+-[\w-]{8,}\.\w+$/.test(name)
  return {
    headers: {
      'content-type': contentType,
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      // Images and fonts are compressed already.
      ...(isText(contentType) && { vary: 'accept-encoding' }),
    },
    hash: createHash('sha256').update(content).digest('base64url').slice(0, 22),
    encoded: createEncodings(content),
  }
}

async function respond(file: Served, { headers }: IncomingMessage): Promise<ConsoleResponse> {
  const isCompressed = file.headers['vary'] !== undefined
  const encoding = isCompressed ? preferredEncoding(String(headers['accept-encoding'] ?? '')) : 'identity'
  const etag = `"${file.hash}${encoding === 'identity' ? '' : `-${encoding}`}"`
  const all = { ...consoleHeaders(headers.host), ...file.headers, etag }
  if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: all, body: Buffer.alloc(0) }
  const body = await file.encoded(encoding)
  return { status: 200, headers: encoding === 'identity' ? all : { ...all, 'content-encoding': encoding }, body }
}

function isText(contentType: string): boolean {
  return contentType.includes('charset=') || contentType.endsWith('+xml') || contentType.endsWith('+json')
}

/** A proxy that compresses makes a tag weak; the content is the same. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}

const notBuilt: ConsoleResponse = {
  status: 503,
  headers: { ...consoleHeaders(undefined), 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: Buffer.from(
    'The console is not built: run `node console/build.mjs`, then start again. GraphiQL is at /graphql.\n',
  ),
}
