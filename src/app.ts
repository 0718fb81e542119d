import { openCatalogue } from './app/open-catalogue.ts'
import { openDeliverer } from './app/open-deliverer.ts'
import { openHelpers } from './app/open-helpers.ts'
import { openVault } from './app/open-keys.ts'
import { openServer } from './app/open-server.ts'
import { openWorker } from './app/open-worker.ts'
import { ids, wallClock } from './app/parts.ts'
import { createProbes } from './app/probes.ts'
import { providerLimitsOf } from './app/provider-limits.ts'
import { startSweeping } from './app/start-sweeping.ts'
import { bounds } from './config/bounds.ts'
import type { Config, Role } from './config/config.ts'
import { type Accounts, createAccounts } from './config/live-accounts.ts'
import { timings } from './config/timings.ts'
import { createAnswers } from './dispatch/answer.ts'
import { lineTimings } from './dispatch/line/line.ts'
import { createLineWork } from './dispatch/line/line-work.ts'
import type { Kept } from './engines/engine.ts'
import { selectEngine } from './engines/engines.ts'
import { createLifecycle } from './kernel/lifecycle.ts'
import { createLoopTurns } from './kernel/loop-turns.ts'
import type { Provider } from './models/catalogue.ts'
import type { Logger } from './telemetry/logger.ts'
import { openTelemetry } from './telemetry/open.ts'
import type { Tracing } from './telemetry/tracing.ts'
import { createTrouble } from './telemetry/trouble.ts'

export interface App {
  /** Null: this process is a worker and serves no requests. */
  readonly url: string | null
  readonly kept: Kept
  /** The worker of this process takes no new run and goes on with those in hand, however long they last. */
  drain(): void
  /** Takes no new work, finishes what it can within the grace period, hands over the rest, and closes connections. */
  close(): Promise<void>
}

export interface AppOptions {
  readonly config: Config
  /** Default: those of the configuration, as it was at the start. */
  readonly accounts?: Accounts
  readonly role: Role
  readonly logger: Logger
  /** Replaces the configured providers; tests pass their own. */
  readonly providers?: readonly Provider[]
  /** Replaces the configured export of spans. */
  readonly tracing?: Tracing
}

/** Opens one thing on the next, from the models to the server; closing goes the other way. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, accounts = createAccounts(config), role, logger, providers, tracing } = options
  const trouble = createTrouble(logger, () => performance.now())
  const onError = trouble.tell
  const lifecycle = createLifecycle(onError)
  try {
    const catalogue = openCatalogue(config, lifecycle, providers)
    const selected = selectEngine(config)
    const probes = createProbes(role, selected, trouble.last)
    const { requestId } = ids
    const telemetry = await openTelemetry({ ...probes, config, logger, lifecycle, tracing, requestId })
    const store = await selected.open({
      config,
      role,
      logLimits: bounds.log,
      shareOf: accounts.shareOf,
      accounts: accounts.names,
      providerLimits: providerLimitsOf(config),
      clock: wallClock,
      lifecycle,
      onError,
    })
    probes.opened(store)
    const engine = telemetry.engine(store)
    const { isDurable, where, title: engineTitle } = selected
    const helpers = openHelpers({ lifecycle, tell: telemetry.tell })
    const vault = openVault(config, store.ownKeys)
    const answers = createAnswers({
      ...engine.requests,
      ids,
      clock: wallClock,
      traceparent: telemetry.traceparent,
      repairMs: timings.repairMs,
    })
    const lineWork = createLineWork({
      ...engine.requests,
      ids,
      clock: wallClock,
      traceparent: telemetry.traceparent,
      absentMs: lineTimings.absentMs,
    })
    const parts = {
      config,
      accounts,
      engine,
      engineTitle,
      isDurable,
      keptIn: where,
      telemetry,
      helpers,
      vault,
      answers,
      lineWork,
      catalogue,
      logger,
      lifecycle,
      loopTurns: createLoopTurns(bounds.loop),
      onError,
    }
    startSweeping(parts)
    if (role !== 'api') openDeliverer(parts)
    const worker = role === 'api' ? null : openWorker(parts)
    const server = role === 'worker' ? null : await openServer(parts)
    probes.stage(null)
    return {
      url: server?.url ?? null,
      kept: selected,
      drain: () => worker?.drain(),
      close: () => {
        probes.stage('closing')
        // While the server drains: what it accepts meanwhile is for other processes, or the next one.
        if (isDurable) worker?.close().catch(onError)
        return lifecycle.close()
      },
    }
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}
