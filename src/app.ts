import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAuthenticator } from './access/authenticate.ts'
import { type ChannelTokens, createChannelTokens } from './access/channel-token.ts'
import { createApis } from './api/apis.ts'
import { graphqlPaths } from './api/graphql/api.ts'
import { createSubscriptionLimits } from './api/streaming/subscription-limits.ts'
import { createFollower } from './channel/follow.ts'
import { bounds } from './config/bounds.ts'
import type { Config, Role } from './config/config.ts'
import { timings } from './config/timings.ts'
import { type Answers, createAnswers } from './dispatch/answer.ts'
import { createCancelDispatch } from './dispatch/cancel.ts'
import { createDispatchConversation } from './dispatch/dispatch.ts'
import { limitRunning, queueUnlessInLine } from './dispatch/limits/limit-running.ts'
import { startPermitSweep } from './dispatch/limits/permit-sweep.ts'
import type { Preflight } from './dispatch/preflight.ts'
import { startSweep } from './dispatch/schedule/sweep.ts'
import type { Engine } from './engines/engine.ts'
import { type SelectedEngine, selectEngine } from './engines/engines.ts'
import { createCallAbility } from './extensions/ability/call-ability.ts'
import { searchRecords } from './extensions/dataset/search.ts'
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
  /** Null: this process is a worker and serves no requests. */
  readonly url: string | null
  readonly engine: Pick<SelectedEngine, 'title' | 'isDurable'>
  /** Takes no new work, hands over or ends work in progress, and closes connections. */
  close(): Promise<void>
}

const wallClock = () => Date.now()
const abortableSleep = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal })
const ids = createIds(randomText)

export interface AppOptions {
  readonly config: Config
  readonly role: Role
  readonly logger: Logger
  /** Replaces the configured providers; tests pass their own. */
  readonly providers?: readonly Provider[]
  /** Replaces the configured export of spans. */
  readonly tracing?: Tracing
}

export async function startApp({ config, role, logger, providers, tracing }: AppOptions): Promise<App> {
  const onError = (error: unknown) => logger.warn({ err: error }, 'recovering')
  const lifecycle = createLifecycle(onError)
  try {
    const catalogue = openCatalogue(config, lifecycle, providers)
    const selected = selectEngine(config)
    const store = await selected.open({ config, role, logLimits: bounds.log, clock: wallClock, lifecycle, onError })
    const { backlog } = store
    const { requestId } = ids
    const telemetry = await openTelemetry({ config, logger, lifecycle, tracing, backlog, requestId })
    const engine = telemetry.engine(store)
    const { isDurable } = selected
    const vault = openVault(config, isDurable)
    const answers = createAnswers({
      ...engine.requests,
      ids,
      clock: wallClock,
      traceparent: telemetry.traceparent,
      repairMs: timings.repairMs,
    })
    const parts = { config, engine, isDurable, telemetry, vault, answers, catalogue, logger, lifecycle, onError }
    startSweeping(parts)
    if (role !== 'api') openWorker(parts)
    const server = role === 'worker' ? null : await openServer(parts)
    return { url: server?.url ?? null, engine: selected, close: lifecycle.close }
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
    // Monotonic, because a jump of the wall clock would look like silence.
    clock: () => performance.now(),
    sleep: abortableSleep,
    random: Math.random,
    maxInFlight: config.modelConcurrency,
    silenceMs: config.modelSilenceMs,
  })
  lifecycle.onClose(close)
  return createCatalogue({ providers, unconfigured, defaultModel })
}

/** Opens the vault. Without SECRETS_KEY, an engine that does not outlive this process uses a random key. */
function openVault({ secretsKeys }: Config, isDurable: boolean): Vault | null {
  if (secretsKeys.length > 0) return createVault({ keys: secretsKeys, randomBytes })
  return isDurable ? null : createVault({ keys: [randomBytes(32)], randomBytes })
}

/** Opens channel tokens. Without TOKEN_SECRET, an engine that does not outlive this process uses a random secret. */
function openChannelTokens({ tokenSecret }: Config, isDurable: boolean): ChannelTokens | null {
  if (tokenSecret === null && isDurable) return null
  const secret = tokenSecret === null ? randomBytes(32) : Buffer.from(tokenSecret)
  return createChannelTokens({ secret, clock: wallClock })
}

interface Parts {
  readonly config: Config
  readonly engine: Engine
  /** True: the data of the engine outlives this process. */
  readonly isDurable: boolean
  readonly telemetry: Telemetry
  /** Null: secrets cannot be stored. */
  readonly vault: Vault | null
  readonly answers: Answers
  readonly catalogue: Catalogue
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  readonly onError: (error: unknown) => void
}

/** Starts the sweep, in a process of any role: it finishes what other processes left undone. */
function startSweeping({ config, engine, answers, lifecycle, onError }: Parts): void {
  const { requests, workers } = engine
  const sweep = startSweep({
    ...requests,
    queue: queueUnlessInLine(requests.queue, workers.permits),
    answers,
    clock: wallClock,
    onError,
    batch: bounds.sweepBatch,
    ...timings.sweep,
  })
  lifecycle.onClose(() => sweep.close())
  if (config.runningDispatches === 0) return
  const { queue } = requests
  const permitSweep = startPermitSweep({ permits: workers.permits, queue, intervalMs: timings.permitSweepMs, onError })
  lifecycle.onClose(() => permitSweep.close())
}

function openWorker(parts: Parts): void {
  const { config, engine, isDurable, telemetry, vault, answers, catalogue, logger, lifecycle, onError } = parts
  const secrets = createSecretOpener(engine.workers.store, vault)
  const safeFetch = createSafeFetch({ allow: config.fetchAllow })
  lifecycle.onClose(() => safeFetch.close())
  const work = createWorker({
    runs: engine.workers.runs,
    due: engine.requests.due,
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
        report: (error, { key, callId }) => report(logger, 'an ability failed', error, { ...key, callId }),
      }),
    ),
    openModel: (name) => {
      const resolved = catalogue.resolve(name)
      return 'model' in resolved ? telemetry.model(resolved.model) : null
    },
    ids,
    clock: wallClock,
    limits: bounds.log,
    lossLimit: bounds.losses,
    cancellationCheckMs: timings.cancellationCheckMs,
    calling: { retryPolicy: defaultRetryPolicy, sleep: abortableSleep, random: Math.random },
    onClosing: isDurable ? 'hand-over' : 'end',
    reportDefect: (error, { key }) => report(logger, 'a run failed', error, key),
    onError,
  })
  const handle = limitRunning(telemetry.work(work), {
    permits: engine.workers.permits,
    queue: engine.requests.queue,
    onError,
    keepMs: config.leaseMs,
  })
  const consumer = engine.consume(handle, config.workerConcurrency)
  lifecycle.onClose(() => consumer.close(), Number.POSITIVE_INFINITY)
  logger.info({ concurrency: config.workerConcurrency }, 'worker started')
}

async function openServer(parts: Parts): Promise<RunningServer> {
  const { config, engine, isDurable, telemetry, vault, answers, catalogue, logger, lifecycle, onError } = parts
  const model = (name: string | null) => {
    const resolved = catalogue.resolve(name ?? undefined)
    return 'model' in resolved ? { name: resolved.model.name } : resolved
  }
  const resources = createResources({ ...engine.requests, vault, ids, resolveModel: model })
  const secrets = createSecretOpener(engine.requests.store, vault)
  const { defaultLimits } = config
  const preflight: Preflight = {
    resolve: createResolve({ resources, secrets, model, defaultLimits }),
    models: catalogue.list,
  }
  const dispatchConversation = createDispatchConversation({
    ...engine.requests,
    preflight,
    ids,
    clock: wallClock,
    traceparent: telemetry.traceparent,
    repairMs: timings.repairMs,
  })
  const follower = createFollower(engine.followers.log, {
    headCheckMs: timings.headCheckMs,
    onError,
    tell: telemetry.tell,
  })
  lifecycle.onClose(() => follower.close())
  const patienceMs = timings.cancelPatienceMs
  const cancelDispatch = createCancelDispatch({ ...engine.requests, follower, ids, patienceMs })
  const channelTokens = openChannelTokens(config, isDurable)
  const authenticator = telemetry.authenticator(
    createAuthenticator({ keys: config.apiKeys, tokens: channelTokens, clock: wallClock }),
  )
  const reportDefect = (error: unknown) => report(logger, 'a request failed', error, {})
  const apis = createApis({
    services: {
      ...engine.requests,
      following: engine.followers,
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
    timings: timings.api,
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

/** Logs the whole defect and returns the id of the log entry, for the caller to quote. */
function report(logger: Logger, what: string, error: unknown, context: object): string {
  const id = ids.errorId()
  logger.error({ err: error, id, ...context }, what)
  return id
}
