import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createTracing, type Tracing } from './tracing.ts'

export interface OtlpTracing extends Tracing {
  /** Sends the remaining spans. Gives up after three seconds. */
  close(): Promise<void>
}

const closeTimeoutMs = 3000

/**
 * Exports spans by OTLP over HTTP, as JSON, to `<endpoint>/v1/traces`. app.ts loads this module only if an endpoint is
 * configured, so the SDK is not loaded otherwise. If the collector is away, spans are lost and nothing else happens.
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
