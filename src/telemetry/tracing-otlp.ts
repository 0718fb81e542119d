import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createTracing, type Tracing } from './tracing.ts'

export interface OtlpTracing extends Tracing {
  /** Sends what is left; gives up after three seconds. */
  close(): Promise<void>
}

const closeTimeoutMs = 3000

/**
 * Exports spans by OTLP over HTTP, as JSON, to `<endpoint>/v1/traces`. Loaded only when there is an endpoint: the SDK is not
 * read otherwise. A collector that is away costs spans, nothing else.
 */
export function createOtlpTracing(endpoint: string, serviceName: string): OtlpTracing {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: closeTimeoutMs })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1000 })],
  })
  return {
    ...createTracing(provider.getTracer('backchannel')),
    async close() {
      await provider.shutdown().catch(() => {})
    },
  }
}
