import { bounds } from '../config/bounds.ts'
import { timings } from '../config/timings.ts'
import type { Consumer } from '../dispatch/schedule/queue.ts'
import { createCallAbility } from '../extensions/ability/call-ability.ts'
import { createFetchAttachment } from '../extensions/fetch/attachment.ts'
import { createSafeFetch } from '../extensions/safe-fetch/safe-fetch.ts'
import { Failure } from '../kernel/errors.ts'
import { createSecretOpener } from '../store/secret-opener.ts'
import { askModel } from '../worker/ask-model.ts'
import type { ModelFailure } from '../worker/perform-model-call.ts'
import { defaultRetryPolicy } from '../worker/retry.ts'
import { createWorker } from '../worker/worker.ts'
import { abortableSleep, dailyBudget, ids, type Parts, report, wallClock } from './parts.ts'
import { providerLimitsOf } from './provider-limits.ts'

/** Takes runs from the queue, until the process closes or drains. */
export function openWorker(parts: Parts): Consumer {
  const {
    config,
    engine,
    isDurable,
    telemetry,
    helpers,
    vault,
    answers,
    lineWork,
    catalogue,
    logger,
    lifecycle,
    loopTurns,
    onError,
  } = parts
  const secrets = createSecretOpener(engine.workers.store, vault)
  const safeFetch = createSafeFetch({ allow: config.fetchAllow, loopTurns })
  lifecycle.onClose(() => safeFetch.close())
  const work = createWorker({
    runs: engine.workers.runs,
    due: engine.requests.due,
    loopTurns,
    answers,
    lineWork,
    fetchAttachment: createFetchAttachment(safeFetch, helpers.pageText),
    checks: helpers.checks,
    callAbility: telemetry.ability(
      createCallAbility({
        safeFetch,
        instructions: helpers.instructions,
        openSearch: helpers.openSearch,
        pageText: helpers.pageText,
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
    ...(providerLimitsOf(config).length > 0 && { providerLimits: engine.workers.providerLimits }),
    limits: bounds.log,
    daily: dailyBudget(parts, engine.workers.usedToday),
    lossLimit: bounds.losses,
    cancellationCheckMs: timings.cancellationCheckMs,
    calling: { retryPolicy: defaultRetryPolicy, sleep: abortableSleep, random: Math.random },
    onModelFailure: (key, failure) => telemetry.tell({ type: 'model-failed', key, ...placeOf(failure) }),
    onClosing: isDurable ? 'hand-over' : 'end',
    reportDefect: (error, { key }) => report(logger, 'a run failed', error, key),
    onError,
  })
  const onTurn = (waitedMs: number) => telemetry.tell({ type: 'turn-taken', waitedMs })
  const consumer = engine.consume(telemetry.work(work), config.workerConcurrency, onTurn)
  lifecycle.onClose(() => consumer.close(), Number.POSITIVE_INFINITY)
  logger.info({ concurrency: config.workerConcurrency }, 'worker started')
  return consumer
}

function placeOf({ model, attempt, waitMs, place }: ModelFailure) {
  const [provider = ''] = model.split(/[:/]/, 1)
  return { provider, ...place, attempt, waitMs }
}
