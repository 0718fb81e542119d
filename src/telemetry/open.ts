import type { Config } from '../config/config.ts'
import type { Lifecycle } from '../kernel/lifecycle.ts'
import type { Backlog, Tell } from '../kernel/news.ts'
import type { Logger } from './logger.ts'
import { watchLoop } from './loop-delay.ts'
import { createMetrics } from './metrics.ts'
import { startMetricsServer } from './metrics-server.ts'
import { createTelemetry, type Telemetry } from './telemetry.ts'
import { noTracing, type Tracing } from './tracing.ts'

export interface TelemetryOptions {
  readonly config: Pick<Config, 'metrics' | 'traces'>
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  readonly backlog: () => Promise<Backlog>
  readonly requestId: () => string
  /** Replaces the configured export. */
  readonly tracing: Tracing | undefined
}

/** Always opens logs; opens metrics and spans if configured, and adds no cost otherwise. */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { logger, requestId } = options
  const tracing = await openTracing(options)
  const count = await openMetrics(options)
  return createTelemetry({ logger, count, tracing, now: () => performance.now(), requestId })
}

async function openTracing({ config, lifecycle, tracing: given }: TelemetryOptions): Promise<Tracing> {
  if (given !== undefined) return given
  if (config.traces === null) return noTracing
  const { createOtlpTracing } = await import('./tracing-otlp.ts')
  const tracing = createOtlpTracing(config.traces.endpoint, config.traces.serviceName)
  lifecycle.onClose(() => tracing.close())
  return tracing
}

async function openMetrics({ config, logger, lifecycle, backlog }: TelemetryOptions): Promise<Tell | null> {
  if (config.metrics === null) return null
  const metrics = createMetrics(backlog)
  const server = await startMetricsServer(metrics, config.metrics)
  lifecycle.onClose(() => server.close())
  lifecycle.onClose(watchLoop({ tell: metrics.tell, now: () => performance.now() }))
  logger.info({ url: server.url }, 'metrics')
  return metrics.tell
}
