import type { Authenticator } from '../access/authenticate.ts'
import type { RequestObserver } from '../api/streaming/request-observer.ts'
import type { FunctionCall, FunctionSpec } from '../conversation/function.ts'
import type { JobHandler } from '../dispatch/schedule/queue.ts'
import type { Engine } from '../engines/engine.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { News, Tell } from '../kernel/news.ts'
import type { Model } from '../models/model.ts'
import type { DelivererDeps } from '../webhooks/deliverer.ts'
import { createRunLog } from './log.ts'
import type { Logger } from './logger.ts'
import { observeModel } from './model.ts'
import { createRequestObserver } from './request-observer.ts'
import { outsideRequests, presentRequest } from './request-scope.ts'
import { toolSpan, webhookSpan } from './run-spans.ts'
import { observeRuns } from './runs.ts'
import type { Tracing } from './tracing.ts'

export interface TelemetryDeps {
  readonly logger: Logger
  /** Null: metrics are off. */
  readonly count: Tell | null
  readonly tracing: Tracing
  /** A monotonic clock in ms. */
  readonly now: () => number
  readonly requestId: () => string
}

interface AbilityCall {
  readonly key: ChannelKey
  readonly spec: FunctionSpec
  readonly call: FunctionCall
}

/** Wraps the parts of an app with logs, metrics and spans; the parts know nothing about them. */
export interface Telemetry {
  readonly tell: Tell
  readonly requests: RequestObserver
  /** The trace context of the present span, for the use cases to pass on; undefined where there is none. */
  readonly traceparent: () => string | undefined
  engine(engine: Engine): Engine
  work(handle: JobHandler): JobHandler
  /** Wraps the authenticator so that the log lines of a request name its account. */
  authenticator(authenticator: Authenticator): Authenticator
  model(model: Model): Model
  /** @param callAbility resolves to an outcome whose `kind` is a single word. */
  ability<Call extends AbilityCall, Outcome extends { readonly kind: string }>(
    callAbility: (call: Call, signal: AbortSignal) => Promise<Outcome>,
  ): (call: Call, signal: AbortSignal) => Promise<Outcome>
  /** Wraps one attempt to tell an endpoint in a span. */
  webhook(post: DelivererDeps['post']): DelivererDeps['post']
  /** Wraps a use case of a channel in a span. */
  useCase<Args extends readonly unknown[], Result>(
    name: string,
    run: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result>
}

export function createTelemetry({ logger, count, tracing, now, requestId }: TelemetryDeps): Telemetry {
  const log = createRunLog(logger)
  const tell = (news: News) => {
    log(news)
    count?.(news)
  }
  const runs = observeRuns({ tell, now, tracing })

  return {
    tell,
    traceparent: () => tracing.present()?.traceparent,
    requests: createRequestObserver({ logger, tell, tracing, now, requestId }),
    engine: (engine) => ({
      ...engine,
      requests: { ...engine.requests, runs: runs.store(engine.requests.runs) },
      workers: { ...engine.workers, runs: runs.store(engine.workers.runs) },
    }),
    // In the embedded engine a run starts within the flow of some earlier request.
    work: (handle) => (job, signal) => outsideRequests(() => runs.work(handle)(job, signal)),
    authenticator: (authenticator) => ({
      ...authenticator,
      async identify(authorization) {
        const identity = await authenticator.identify(authorization)
        if (identity.outcome === 'known') nameAccount(identity.principal.account)
        return identity
      },
      async authenticate(authorization) {
        const principal = await authenticator.authenticate(authorization)
        nameAccount(principal.account)
        return principal
      },
    }),
    model: (model) => observeModel(model, { tell, tracing, now }),
    ability: (callAbility) => async (call, signal) => {
      const startedAt = now()
      return tracing.inSpan(toolSpan(call.call), async (span) => {
        const outcome = await callAbility(call, signal)
        if (outcome.kind === 'failed') span.fail('failed')
        tell({ type: 'ability-called', outcome: outcome.kind, durationMs: now() - startedAt })
        return outcome
      })
    },
    webhook: (post) => (request, signal) =>
      outsideRequests(() =>
        tracing.inSpan(webhookSpan(request.key), async (span) => {
          const outcome = await post(request, signal)
          if (outcome.statusCode !== null) span.set({ 'http.response.status_code': outcome.statusCode })
          if (outcome.kind !== 'delivered') span.fail(outcome.kind)
          return outcome
        }),
      ),
    useCase:
      (name, run) =>
      (...args) =>
        tracing.inSpan({ name, kind: 'producer', attributes: {} }, () => run(...args)),
  }
}

function nameAccount(account: string): void {
  const scope = presentRequest()
  if (scope !== null) scope.account = account
}
