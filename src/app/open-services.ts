import { randomBytes } from 'node:crypto'
import type { Tokens } from '../access/token.ts'
import { pacedFollower, readInTurn } from '../api/paced-follower.ts'
import { pacedDatasets, pacedReading } from '../api/paced-reading.ts'
import { readRunsInTurn } from '../api/paced-runs.ts'
import type { Services } from '../api/services.ts'
import { createFollower } from '../channel/follow.ts'
import { timings } from '../config/timings.ts'
import { createAddMessages, createHandMessages } from '../dispatch/add-messages.ts'
import { createCancelDispatch } from '../dispatch/cancel.ts'
import { createDispatchConversation } from '../dispatch/dispatch.ts'
import { createRemovals } from '../dispatch/line/removals.ts'
import type { Preflight } from '../dispatch/preflight.ts'
import { createRaiseLimits } from '../dispatch/raise-limits.ts'
import { createReadDispatch } from '../dispatch/read-dispatch.ts'
import { createResolve, type KnownModel } from '../extensions/resolve/resolve.ts'
import { targetProblem } from '../extensions/safe-fetch/safe-fetch.ts'
import { keepLatest } from '../kernel/keep-latest.ts'
import { createResources } from '../store/resources.ts'
import { createSecretOpener } from '../store/secret-opener.ts'
import { requireVault } from '../store/secrets.ts'
import { createWebhooks } from '../webhooks/webhooks.ts'
import { dailyBudget, ids, type Parts, wallClock } from './parts.ts'

/** The use cases and reads behind every API. @param tokens null: none can be minted. */
export function openServices(parts: Parts, tokens: Tokens | null): Services {
  const { config, engine, telemetry, helpers, vault, answers, lineWork, catalogue, lifecycle, onError } = parts
  const nameOf = (text: string) => {
    const resolved = catalogue.resolve(text)
    if (!('model' in resolved)) return resolved
    const { name, takesAnswerFormat = false } = resolved.model
    return { name, takesAnswerFormat }
  }
  // Opening a model for its name is a twentieth of a dispatch, and a name that is good stays good.
  const names = keepLatest<KnownModel>(100)
  const good = (text: string) => {
    const named = nameOf(text)
    return 'name' in named ? named : null
  }
  const model = (name: string | null) => {
    const text = name ?? config.defaultModel
    return names(text, () => good(text)) ?? nameOf(text)
  }
  const resources = createResources({ ...engine.requests, vault, ids, resolveModel: model })
  const secrets = createSecretOpener(engine.requests.store, vault)
  const { defaultLimits, modelPrices } = config
  const preflight: Preflight = {
    resolve: createResolve({
      resources,
      secrets,
      model,
      defaultLimits,
      priceOf: (name) => {
        const [withoutSettings = ''] = name.split('/', 1)
        return Object.hasOwn(modelPrices, withoutSettings) ? (modelPrices[withoutSettings] ?? null) : null
      },
      checks: helpers.checks,
      instructions: helpers.instructions,
    }),
    models: catalogue.list,
  }
  const queueing = { ids, clock: wallClock, traceparent: telemetry.traceparent, repairMs: timings.repairMs }
  const dispatchConversation = createDispatchConversation({
    ...engine.requests,
    preflight,
    daily: dailyBudget(parts, engine.requests.usedToday),
    lineWork,
    ...queueing,
  })
  const follower = pacedFollower(
    createFollower(readInTurn(engine.followers.log), {
      headCheckMs: timings.headCheckMs,
      onError,
      tell: telemetry.tell,
    }),
    parts.loopTurns,
  )
  lifecycle.onClose(() => follower.close())
  const patienceMs = timings.cancelPatienceMs
  const cancelDispatch = createCancelDispatch({ ...engine.requests, lineWork, follower, ids, patienceMs })
  return {
    ...engine.requests,
    runs: readRunsInTurn(engine.requests.runs),
    following: { ...engine.followers, runs: readRunsInTurn(engine.followers.runs) },
    readDispatch: pacedReading(createReadDispatch(engine.requests.rate), parts.loopTurns),
    dispatchConversation: telemetry.useCase('dispatch', dispatchConversation),
    addMessages: telemetry.useCase(
      'add-messages',
      createAddMessages(createHandMessages({ ...engine.requests, ids }), ids),
    ),
    removals: createRemovals({ ...engine.requests, lineWork }),
    raiseLimits: telemetry.useCase('raise', createRaiseLimits({ ...engine.requests, ...queueing })),
    cancelDispatch: telemetry.useCase('cancel', cancelDispatch),
    answers: {
      ...answers,
      submit: telemetry.useCase('answer', answers.submit),
      publish: telemetry.useCase('publish', answers.publish),
    },
    follower,
    preflight,
    resources: { ...resources, datasets: pacedDatasets(resources.datasets, parts.loopTurns) },
    searchRecords: async (account, records, query) => {
      const search = helpers.openSearch(account, [{ name: '', records }])
      return (await search(query, { dataset: null, limit: null })).records
    },
    webhooks: createWebhooks({
      store: engine.requests.webhooks,
      deliveries: engine.requests.deliveries,
      seal: ({ account, webhook: id }, secret) => requireVault(vault).seal({ account, id }, secret),
      urlProblem: targetProblem(config.fetchAllow),
      randomBytes,
      ids,
      clock: wallClock,
    }),
    tokens,
  }
}
