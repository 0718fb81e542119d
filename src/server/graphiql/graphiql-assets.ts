import { createHash } from 'node:crypto'
import { createEncodings, type Encoding, preferredEncoding } from '../encodings.ts'
import { graphiqlBootScript, graphiqlContentSecurityPolicy, graphiqlPage } from './graphiql-page.ts'
import { graphiqlTabs } from './graphiql-tabs.ts'

export interface GraphiqlResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Serves GraphiQL from this process alone: a small page, and nine megabytes of assets that browsers cache forever. */
export interface GraphiqlAssets {
  /** The page, with tabs for this channel. Never cached. */
  page(options: { readonly channelId: string }): Promise<GraphiqlResponse>
  /** The asset at this path; null if the path is not below `/graphql/assets/`. */
  handle(request: { readonly path: string; readonly acceptEncoding: string }): Promise<GraphiqlResponse | null>
}

const folder = '/graphql/assets/'

interface Asset {
  readonly path: string
  readonly contentType: string
  encoded(encoding: Encoding): Promise<Buffer>
}

/** Loads nothing before the first request: the bundle takes 0.15 s and 50 MB, which a worker never needs. */
export function createGraphiqlAssets(): GraphiqlAssets {
  let loading: ReturnType<typeof loadAssets> | undefined
  const load = () => {
    loading ??= loadAssets()
    return loading
  }
  return {
    async page({ channelId }) {
      const { parts } = await load()
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': graphiqlContentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      }
      return { status: 200, headers, body: Buffer.from(graphiqlPage(parts, graphiqlTabs(channelId))) }
    },
    async handle({ path, acceptEncoding }) {
      if (!path.startsWith(folder)) return null
      const asset = (await load()).assets.get(path)
      return asset === undefined ? notFound() : respond(asset, preferredEncoding(acceptEncoding))
    },
  }
}

async function loadAssets() {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql')
  const script = 'text/javascript; charset=utf-8'
  const stylesheet = createAsset('graphiql.css', 'text/css; charset=utf-8', bundle.css)
  const favicon = createAsset('favicon.ico', 'image/x-icon', decodeDataUrl(bundle.favicon))
  const main = createAsset('graphiql.js', script, bundle.js)
  const boot = createAsset('boot.js', script, graphiqlBootScript)
  const editorWorker = createAsset('editor-worker.js', script, bundle.editorWorkerService)
  const jsonWorker = createAsset('json-worker.js', script, bundle.jsonWorker)
  const graphqlWorker = createAsset('graphql-worker.js', script, bundle.graphqlWorker)
  const all = [stylesheet, favicon, main, boot, editorWorker, jsonWorker, graphqlWorker]
  return {
    assets: new Map(all.map((asset) => [asset.path, asset])),
    parts: {
      stylesheet: stylesheet.path,
      favicon: favicon.path,
      bundle: main.path,
      boot: boot.path,
      workers: { editorWorkerService: editorWorker.path, json: jsonWorker.path, graphql: graphqlWorker.path },
    },
  }
}

function createAsset(name: string, contentType: string, source: string | Buffer): Asset {
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 16)
  return {
    path: `${folder}${name.replace('.', `.${hash}.`)}`,
    contentType,
    encoded: createEncodings(Buffer.from(source)),
  }
}

async function respond(asset: Asset, encoding: Encoding): Promise<GraphiqlResponse> {
  const headers = {
    'content-type': asset.contentType,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    // A web worker follows its own policy, not that of the page that started it.
    'content-security-policy': graphiqlContentSecurityPolicy,
    ...(encoding !== 'identity' && { 'content-encoding': encoding }),
  }
  return { status: 200, headers, body: await asset.encoded(encoding) }
}

function notFound(): GraphiqlResponse {
  return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from('Not found\n') }
}

function decodeDataUrl(url: string): Buffer {
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
