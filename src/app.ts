import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAuthenticator } from './access/authenticate.ts'
import { type ChannelTokens, createChannelTokens } from './access/channel-token.ts'
import { createApis } from './api/apis.ts'
import { graphqlPaths } from './api/graphql/api.ts'
import type { SearchRecords } from './api/services.ts'
import { createSubscriptionLimits } from './api/streaming/subscription-limits.ts'
import { createFollower } from './channel/follow.ts'
import type { Config, Role } from './config/config.ts'
import { type Answers, createAnswers } from './dispatch/answer.ts'
import { createCancelDispatch } from './dispatch/cancel.ts'
import { createDispatchConversation } from './dispatch/dispatch.ts'
import { limitRunning, queueUnlessInLine } from './dispatch/limits/limit-running.ts'
import { startPermitSweep } from './dispatch/limits/permit-sweep.ts'
import type { Preflight } from './dispatch/preflight.ts'
import { startSweep } from './dispatch/schedule/sweep.ts'
import { type Engine, logLimits } from './engines/engine.ts'
import { createMemoryEngine } from './engines/memory/engine.ts'
import { createRedisEngine } from './engines/redis/engine.ts'
import { createCallAbility } from './extensions/ability/call-ability.ts'
import { createDatasetSearch } from './extensions/dataset/search.ts'
import { createFetchAttachment } from './extensions/fetch/attachment.ts'
import { createResolve } from './extensions/resolve/resolve.ts'
import { createSafeFetch } from './extensions/safe-fetch/safe-fetch.ts'
import { Failure } from './kernel/errors.ts'
import { createIds } from './kernel/ids.ts'
import { createLifecycle, type Lifecycle } from './kernel/lifecycle.ts'
import { randomText } from './kernel/random-text.ts'
import { type Catalogue, createCatalogue, type Provider } from './models/catalogue.ts'
import { createProviders } from './models/providers.ts'
import { createGraphiql } from './server/graphiql/graphiql.ts'
import { type RunningServer, startServer } from './server/server.ts'
import { createResources } from './store/resources.ts'
import { createSecretOpener } from './store/secret-opener.ts'
import { createVault, type Vault } from './store/vault.ts'
import type { Logger } from './telemetry/logger.ts'
import { openTelemetry } from './telemetry/open.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { Tracing } from './telemetry/tracing.ts'
import { askModel } from './worker/ask-model.ts'
import { defaultRetryPolicy } from './worker/retry.ts'
import { createWorker } from './worker/worker.ts'

export interface App {
  /** Null for a worker. */
  readonly url: string | null
  /** Takes no further work, hands over or ends what is in hand, closes connections. */
  close(): Promise<void>
}

const wallClock = () => Date.now()
const abortableSleep = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal })
const ids = createIds(randomText)

export interface AppOptions {
  readonly config: Config
  readonly role: Role
  readonly logger: Logger
  /** Instead of the configured ones; tests bring models of their own. */
  readonly providers?: readonly Provider[]
  /** Instead of the configured export of spans. */
  readonly tracing?: Tracing
}

export async function startApp({ config, role, logger, providers, tracing }: AppOptions): Promise<App> {
  const onError = (error: unknown) => logger.warn({ err: error }, 'recovering')
  const lifecycle = createLifecycle(onError)
  try {
    const catalogue = openCatalogue(config, lifecycle, providers)
    const store =
      config.redisUrl === null
        ? createMemoryEngine(config, wallClock, onError)
        : await createRedisEngine({ ...config, redisUrl: config.redisUrl }, role, lifecycle, onError)
    const { backlog } = store
    const { requestId } = ids
    const telemetry = await openTelemetry({ config, logger, lifecycle, tracing, backlog, requestId })
    const engine = telemetry.engine(store)

    const answers = createAnswers({ ...engine, ids, clock: wallClock, repairMs: 5000 })
    const sweep = startSweep({
      ...engine,
      queue: queueUnlessInLine(engine.queue, engine.permits),
      answers,
      clock: wallClock,
      onError,
      intervalMs: 1000,
      batch: 500,
      repairMs: 10_000,
      queuedMs: 60_000,
      waitingMs: 600_000,
    })
    lifecycle.onClose(() => sweep.close())
    if (config.runningDispatches > 0) {
      const turns = startPermitSweep({ ...engine, intervalMs: 1000, onError })
      lifecycle.onClose(() => turns.close())
    }
    const vault = openVault(config)
    if (role !== 'api') openWorker({ config, engine, telemetry, vault, answers, catalogue, logger, lifecycle, onError })
    const server =
      role === 'worker'
        ? null
        : await openServer({ config, engine, telemetry, vault, answers, catalogue, logger, lifecycle, onError })
    return { url: server?.url ?? null, close: lifecycle.close }
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

function openCatalogue(config: Config, lifecycle: Lifecycle, given: readonly Provider[] | undefined): Catalogue {
  const { defaultModel } = config
  if (given !== undefined) return createCatalogue({ providers: given, defaultModel })
  const { providers, unconfigured, close } = createProviders({
    access: config.providers,
    fetch,
    // A wall clock that jumps would look like silence.
    clock: () => performance.now(),
    sleep: abortableSleep,
    random: Math.random,
    maxInFlight: config.modelConcurrency,
    silenceMs: config.modelSilenceMs,
  })
  lifecycle.onClose(close)
  return createCatalogue({ providers, unconfigured, defaultModel })
}

/** Without SECRETS_KEY, what lives in this process alone is sealed with a key that does. */
function openVault({ secretsKeys, redisUrl }: Config): Vault | null {
  if (secretsKeys.length > 0) return createVault({ keys: secretsKeys, randomBytes })
  return redisUrl === null ? createVault({ keys: [randomBytes(32)], randomBytes }) : null
}

/** Without TOKEN_SECRET, tokens for what lives in this process alone are signed with a secret that does. */
function openChannelTokens({ tokenSecret, redisUrl }: Config): ChannelTokens | null {
  if (tokenSecret === null && redisUrl !== null) return null
  const secret = tokenSecret === null ? randomBytes(32) : Buffer.from(tokenSecret)
  return createChannelTokens({ secret, clock: wallClock })
}

interface Parts {
  readonly config: Config
  readonly engine: Engine
  readonly telemetry: Telemetry
  /** Null: no secrets can be kept. */
  readonly vault: Vault | null
  readonly answers: Answers
  readonly catalogue: Catalogue
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  readonly onError: (error: unknown) => void
}

function openWorker({ config, engine, telemetry, vault, answers, catalogue, logger, lifecycle, onError }: Parts): void {
  const secrets = createSecretOpener(engine.workerStore, vault)
  const safeFetch = createSafeFetch({ allow: config.fetchAllow })
  lifecycle.onClose(() => safeFetch.close())
  const work = createWorker({
    runs: engine.workerRuns,
    due: engine.due,
    answers,
    fetchAttachment: createFetchAttachment(safeFetch),
    callAbility: telemetry.ability(
      createCallAbility({
        safeFetch,
        openSecret: secrets.open,
        openSecretByName: secrets.openByName,
        prompt: async (name, text, signal) => {
          const resolved = catalogue.resolve(name)
          if (!('model' in resolved)) throw new Failure('BAD_USER_INPUT', resolved.problem)
          return askModel(telemetry.model(resolved.model), text, signal)
        },
        nonce: ids.nonce,
        clock: wallClock,
        report: (error, { key, callId }) => {
          const id = ids.errorId()
          logger.error({ err: error, id, account: key.account, channel: key.channel, callId }, 'an ability failed')
        },
      }),
    ),
    openModel: (name) => {
      const resolved = catalogue.resolve(name)
      return 'model' in resolved ? telemetry.model(resolved.model) : null
    },
    ids,
    clock: wallClock,
    limits: logLimits,
    lossLimit: 5,
    cancellationCheckMs: 500,
    calling: { retryPolicy: defaultRetryPolicy, sleep: abortableSleep, random: Math.random },
    onClosing: engine.onClosing,
    reportDefect: (error, { key }) => {
      const id = ids.errorId()
      logger.error({ err: error, id, account: key.account, channel: key.channel }, 'a run failed')
      return id
    },
    onError,
  })
  const consumer = engine.consume(limitRunning(telemetry.work(work), { ...engine, onError, keepMs: config.leaseMs }))
  lifecycle.onClose(() => consumer.close(), Number.POSITIVE_INFINITY)
  logger.info({ concurrency: config.workerConcurrency }, 'worker started')
}

async function openServer({
  config,
  engine,
  telemetry,
  vault,
  answers,
  catalogue,
  logger,
  lifecycle,
  onError,
}: Parts): Promise<RunningServer> {
  const model = (name: string | null) => {
    const resolved = catalogue.resolve(name ?? undefined)
    return 'model' in resolved ? { name: resolved.model.name } : resolved
  }
  const resources = createResources({ ...engine, vault, ids, resolveModel: model })
  const secrets = createSecretOpener(engine.store, vault)
  const { defaultLimits } = config
  const preflight: Preflight = {
    resolve: createResolve({ resources, secrets, model, defaultLimits }),
    models: catalogue.list,
  }
  const dispatchConversation = createDispatchConversation({
    ...engine,
    preflight,
    ids,
    clock: wallClock,
    repairMs: 5000,
  })
  const follower = createFollower(engine.following.log, { headCheckMs: 1000, onError, tell: telemetry.tell })
  lifecycle.onClose(() => follower.close())
  const cancelDispatch = createCancelDispatch({ ...engine, follower, ids, patienceMs: 2000 })
  const channelTokens = openChannelTokens(config)
  const searchRecords: SearchRecords = async (records, query) => {
    const search = createDatasetSearch([{ name: '', records }])
    return (await search(query, { dataset: null, limit: null })).records
  }
  const authenticator = telemetry.authenticator(
    createAuthenticator({ keys: config.apiKeys, tokens: channelTokens, clock: wallClock }),
  )
  const reportDefect = (error: unknown) => {
    const id = ids.errorId()
    logger.error({ err: error, id }, 'a request failed')
    return id
  }
  const apis = createApis({
    services: {
      ...engine,
      dispatchConversation: telemetry.useCase('dispatch', dispatchConversation),
      cancelDispatch: telemetry.useCase('cancel', cancelDispatch),
      answers: {
        ...answers,
        submit: telemetry.useCase('answer', answers.submit),
        publish: telemetry.useCase('publish', answers.publish),
      },
      follower,
      preflight,
      resources,
      searchRecords,
      channelTokens,
    },
    authenticator,
    subscriptionLimits: createSubscriptionLimits({
      perConnection: config.subscriptionsPerConnection,
      perAccount: config.subscriptionsPerAccount,
    }),
    requests: telemetry.requests,
    reportDefect,
    maxRequestBytes: config.maxRequestBytes,
    introspection: config.introspection,
    timings: { heartbeatMs: 15_000, initTimeoutMs: 10_000, pingIntervalMs: 12_000 },
  })
  const server = await startServer({
    host: config.host,
    port: config.port,
    apis,
    graphiql: config.graphiql ? createGraphiql({ paths: graphqlPaths, channelId: ids.channelId }) : null,
    isOpen: authenticator.isOpen,
    requests: telemetry.requests,
    settings: config,
    reportDefect,
    readiness: engine.readiness,
    drainMs: config.shutdownDrainMs,
  })
  lifecycle.onClose(() => server.close(), Number.POSITIVE_INFINITY)
  if (authenticator.isOpen) {
    logger.info('no API_KEYS: this machine alone is listened to, and whoever calls is the one account `local`')
  }
  logger.info({ url: server.url }, 'listening')
  return server
}
