import { startApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config/config.ts'
import { secretsOf } from '../../../src/config/secrets.ts'
import type { Provider } from '../../../src/models/catalogue.ts'
import { createLogger } from '../../../src/telemetry/logger.ts'
import type { Tracing } from '../../../src/telemetry/tracing.ts'
import { opened } from '../lifetime/opened.ts'
import type { Service } from './start-service.ts'

export interface ObservedService extends Service {
  /** What it has logged so far, a line each. */
  readonly log: readonly string[]
  /** Where Prometheus would ask. */
  readonly metricsUrl: string
}

export interface ObservedOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly providers?: readonly Provider[]
  readonly tracing?: Tracing
}

/** The whole service in this process, with its log in memory and metrics on a free port. */
export async function startObservedService({
  env,
  providers,
  tracing,
}: ObservedOptions = {}): Promise<ObservedService> {
  const config = readConfig(
    {
      PORT: '0',
      DATA_DIR: 'memory',
      METRICS_PORT: '0',
      DEFAULT_MODEL: 'demo/delayMs=0',
      SHUTDOWN_GRACE_MS: '0',
      SHUTDOWN_DRAIN_MS: '0',
      LOG_LEVEL: 'trace',
      ...env,
    },
    'all',
  )
  const log: string[] = []
  const destination = { write: (line: string) => void log.push(line) }
  const app = await startApp({
    config,
    role: 'all',
    logger: createLogger(config.logLevel, { secrets: secretsOf(config), destination }),
    ...(providers === undefined ? {} : { providers }),
    ...(tracing === undefined ? {} : { tracing }),
  })
  const url = app.url ?? ''
  const metricsUrl: string = log.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'metrics')?.url ?? ''
  return opened({ url, wsUrl: `${url.replace('http', 'ws')}/graphql`, close: app.close, log, metricsUrl })
}
