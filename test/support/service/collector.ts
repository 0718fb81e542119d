import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeServer } from '../lifetime/close-it.ts'
import { opened } from '../lifetime/opened.ts'

/** A span as it was exported. */
export interface SeenSpan {
  readonly traceId: string
  readonly id: string
  /** Empty for a root. */
  readonly parent: string
  readonly name: string
  /** As OTLP counts them: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly process: string
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string
  readonly spans: readonly SeenSpan[]
  /** All that came, as it came. */
  readonly text: string
  close(): Promise<void>
}

interface Wire {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes }
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[]
  }[]
}
interface WireSpan extends Omit<SeenSpan, 'attributes' | 'links'> {
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: Attributes
  readonly links?: SeenSpan['links']
}
type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]

/** An OpenTelemetry collector that keeps in memory what comes by OTLP over HTTP, as JSON. */
export async function startCollector(): Promise<Collector> {
  const spans: SeenSpan[] = []
  let text = ''
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    text += body
    if (request.url === '/v1/traces') spans.push(...read(JSON.parse(body) as Wire))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return opened({
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    get text() {
      return text
    },
    close: () => closeServer(server),
  })
}

function read({ resourceSpans }: Wire): readonly SeenSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId = '', name, kind, attributes, links = [] }) => ({
        traceId,
        id: spanId,
        parent: parentSpanId,
        name,
        kind,
        attributes: plain(attributes),
        links,
        process: String(plain(resource.attributes)['service.name']),
      })),
    ),
  )
}

function plain(attributes: Attributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
