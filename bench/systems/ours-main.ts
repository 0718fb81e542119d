import { startApp } from '../../src/app.ts'
import { type Role, readConfig } from '../../src/config/config.ts'
import { createLogger } from '../../src/telemetry/logger.ts'
import { benchProviders } from './stamped-model.ts'

// src/main.ts with the models of the benchmark. Everything else is the unchanged service.
const role = process.argv[2] as Role
const config = readConfig(process.env, role)
const app = await startApp({ config, role, logger: createLogger(config.logLevel), providers: benchProviders })
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)))
