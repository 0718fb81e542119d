import { createAuthenticator } from '../access/authenticate.ts'
import { createApis } from '../api/apis.ts'
import { createBodyRoom } from '../api/body-room.ts'
import { graphqlPaths } from '../api/graphql/api.ts'
import { createInTurn } from '../api/request-turns.ts'
import { createSubscriptionLimits } from '../api/streaming/subscription-limits.ts'
import { timings } from '../config/timings.ts'
import { type Console, createConsole } from '../server/console/console.ts'
import { consoleFolder, readBuild } from '../server/console/read-build.ts'
import { createGraphiql } from '../server/graphiql/graphiql.ts'
import { type RunningServer, startServer } from '../server/server.ts'
import type { Logger } from '../telemetry/logger.ts'
import { openTokens } from './open-keys.ts'
import { openServices } from './open-services.ts'
import { ids, type Parts, report, wallClock } from './parts.ts'

/** Serves the APIs, until the process closes. */
export async function openServer(parts: Parts): Promise<RunningServer> {
  const { config, engine, keptIn, telemetry, logger, lifecycle, loopTurns } = parts
  const tokens = openTokens(config, engine.ownKeys)
  const authenticator = telemetry.authenticator(
    createAuthenticator({ keys: parts.accounts.keys, tokens: tokens, clock: wallClock }),
  )
  const reportDefect = (error: unknown) => report(logger, 'a request failed', error, {})
  const apis = createApis({
    services: openServices(parts, tokens),
    authenticator,
    subscriptionLimits: createSubscriptionLimits({
      perConnection: config.subscriptionsPerConnection,
      perAccount: config.subscriptionsPerAccount,
    }),
    inTurn: createInTurn(loopTurns),
    loopTurns,
    bodyRoom: createBodyRoom(config.maxRequestBytes),
    requests: telemetry.requests,
    reportDefect,
    maxRequestBytes: config.maxRequestBytes,
    introspection: config.introspection,
    aiSdkPath: config.aiSdkPath,
    timings: timings.api,
  })
  telemetry.tell({ type: 'serving', operations: apis.flatMap(({ operations }) => operations) })
  const server = await startServer({
    host: config.host,
    port: config.port,
    apis,
    graphiql: config.graphiql ? createGraphiql({ paths: graphqlPaths, channelId: ids.channelId }) : null,
    console: config.console ? openConsole(logger) : undefined,
    isOpen: authenticator.isOpen,
    requests: telemetry.requests,
    settings: config,
    reportDefect,
    readiness: engine.readiness,
    onConnection: (socket) => {
      telemetry.tell({ type: 'client-came' })
      socket.once('close', () => telemetry.tell({ type: 'client-went' }))
    },
    keptIn,
    drainMs: config.shutdownDrainMs,
  })
  lifecycle.onClose(() => server.close(), Number.POSITIVE_INFINITY)
  if (authenticator.isOpen) {
    logger.info('no API_KEYS: this machine alone is listened to, and whoever calls is the one account `local`')
  }
  logger.info({ url: server.url, engine: parts.engineTitle }, 'listening')
  return server
}

function openConsole(logger: Logger): Console {
  const files = readBuild(consoleFolder)
  if (files === null)
    logger.warn({ folder: consoleFolder }, 'the console is not built: `node console/build.mjs` builds it')
  return createConsole(files)
}
