import type { Config } from '../config/config.ts'
import type { Lifecycle } from '../kernel/lifecycle.ts'
import type { Tell } from '../kernel/news.ts'
import { type InnerAnswer, jsonAnswer, startInnerServer } from './inner-server.ts'
import type { Logger } from './logger.ts'
import { watchLoop } from './loop-delay.ts'
import { createMetrics, type MetricsSources } from './metrics.ts'
import { createTelemetry, type Telemetry } from './telemetry.ts'
import { noTracing, type Tracing } from './tracing.ts'

export interface TelemetryOptions extends MetricsSources {
  readonly config: Pick<Config, 'metrics' | 'traces'>
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  /** The answer to `/ready`. */
  readonly ready: () => Promise<InnerAnswer>
  readonly requestId: () => string
  /** Replaces the configured export. */
  readonly tracing: Tracing | undefined
}

/** Always opens logs; opens probes, metrics and spans if configured, and adds no cost otherwise. */
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

async function openMetrics(options: TelemetryOptions): Promise<Tell | null> {
  const { config, logger, lifecycle } = options
  if (config.metrics === null) return null
  const metrics = createMetrics(options)
  const routes = {
    '/live': async () => jsonAnswer(200, { status: 'alive' }),
    '/ready': options.ready,
    '/metrics': async () => ({ status: 200, ...(await metrics.expose()) }),
  }
  const server = await startInnerServer(routes, config.metrics)
  lifecycle.onClose(() => server.close())
  lifecycle.onClose(watchLoop({ tell: metrics.tell, now: () => performance.now(), busy: threadMs }))
  logger.info({ url: `${server.url}/metrics` }, 'metrics')
  return metrics.tell
}

/** The processor time of this thread, in ms. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
