import { startApp } from './app.ts'
import { ConfigError, type Role, readConfig } from './config/config.ts'
import { secretsOf } from './config/secrets.ts'
import { welcome } from './server/welcome.ts'
import { createLogger } from './telemetry/logger.ts'

const roles: Readonly<Record<string, Role>> = { api: 'api', worker: 'worker' }
const word = process.argv[2]
const role = word === undefined ? 'all' : roles[word]

try {
  if (role === undefined) throw new ConfigError([`${word}: takes api, worker, or nothing for both`])
  const config = readConfig(process.env, role)
  const logger = createLogger(config.logLevel, { secrets: secretsOf(config) })
  const app = await startApp({ config, role, logger })

  let isClosing = false
  const stop = (signal: NodeJS.Signals) => {
    // A second signal means that the user does not want to wait.
    if (isClosing) process.exit(1)
    isClosing = true
    logger.info({ signal }, 'closing')
    void app.close().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (app.url !== null)
    process.stdout.write(welcome(app.url, { engine: app.engine, hasKeys: config.apiKeys.length > 0 }))
} catch (error) {
  const isExpected = error instanceof ConfigError || (error instanceof Error && 'code' in error)
  process.stderr.write(`${isExpected ? (error as Error).message : (error as Error).stack}\n`)
  process.exit(1)
}
