import { type App, startApp } from '../../../src/app.ts'
import { type Role, readConfig } from '../../../src/config/config.ts'
import type { Provider } from '../../../src/models/catalogue.ts'
import { createLogger } from '../../../src/telemetry/logger.ts'
import { opened } from '../lifetime/opened.ts'

export interface ServiceOptions {
  /** Absent: the embedded engine, in memory unless `env` has a folder. */
  readonly redisUrl?: string
  /** Default: `demo/delayMs=0`. */
  readonly model?: string
  readonly role?: Role
  readonly providers?: readonly Provider[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Service {
  readonly url: string
  readonly wsUrl: string
  close(): Promise<void>
}

/** The whole service in this process, on a free port. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const { redisUrl, model = 'demo/delayMs=0', role = 'all', providers, env } = options
  const config = readConfig(
    {
      PORT: '0',
      DATA_DIR: 'memory',
      DEFAULT_MODEL: model,
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      SHUTDOWN_GRACE_MS: '0',
      SHUTDOWN_DRAIN_MS: '0',
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      ...env,
    },
    role,
  )
  const app: App = await startApp({
    config,
    role,
    logger: createLogger(config.logLevel),
    ...(providers === undefined ? {} : { providers }),
  })
  const url = app.url ?? ''
  return opened({ url, wsUrl: `${url.replace('http', 'ws')}/graphql`, close: app.close })
}
