import { setTimeout as sleep } from 'node:timers/promises'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Backlog, News } from '../kernel/news.ts'
import { begin, beginOperation, outcomeOf, statuses } from './series.ts'

export interface Metrics {
  tell(news: News): void
  /** The metrics in the format of Prometheus. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** Buckets in seconds, for work inside the machine and beyond. */
const short = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
/** Buckets in seconds, for work that may wait for a person. */
const long = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600, 1800, 3600, 21_600, 86_400]
/** Buckets in seconds, for what keeps the process from its other work. */
const delays = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
/** A store that takes longer to answer counts as away. */
const checkMs = 2000
/** Bounds the label: callers choose the model, and a provider may serve any number of names. */
const maxModels = 50

/** What is looked up at each exposition. */
export interface MetricsSources {
  readonly info: { readonly version: string; readonly node: string; readonly role: string; readonly engine: string }
  /** The names before the colon of models. */
  readonly providers: readonly string[]
  /** If it fails, depth and age are NaN. */
  readonly backlog: () => Promise<Backlog>
  /** Rejects while the store cannot be used. */
  readonly readiness: () => Promise<unknown>
}

/**
 * Labels have a bounded set of values; a channel or account is never a label. Every series whose labels are known is there
 * from the start: `increase()` does not see the step from no series to 1.
 */
export function createMetrics({ info, providers, backlog, readiness }: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `backchannel_${name}`, help, labelNames, registers })
  const gauge = (name: string, help: string) => new Gauge({ name: `backchannel_${name}`, help, registers })
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name: `backchannel_${name}`, help, labelNames, buckets, registers })

  const dispatches = counter('dispatches_total', 'Dispatches, by what came of the request', ['outcome'])
  const started = counter('runs_started_total', 'Attempts begun', ['how'])
  const waited = histogram('run_wait_seconds', 'From a dispatch to its first attempt, delays asked for included', short)
  const parked = counter('runs_parked_total', 'Times that a run was parked')
  const paused = counter('runs_paused_total', 'Times that a limit paused a run', ['limit'])
  const raised = counter('limits_raised_total', 'Times that limits of a run were set anew', ['by', 'outcome'])
  const woken = counter('runs_woken_total', 'Times that an answer queued a parked run again')
  const answers = counter('answers_total', 'Answers given to calls', ['by', 'outcome'])
  const handedBack = counter(
    'runs_handed_back_total',
    'Runs given back to the queue, by a worker that closed or for the limits of their provider',
  )
  const ended = counter('runs_ended_total', 'Runs ended; code is that of a failure', ['outcome', 'code'])
  const lasted = histogram('run_duration_seconds', 'From a dispatch to its ending', long, ['outcome'])
  const depth = gauge('queue_depth', 'Jobs that wait for their turn, in all processes')
  const age = gauge('queue_oldest_seconds', 'How long the first of them has been waiting')
  const turns = histogram('turn_wait_seconds', 'From when a job joined its line to its turn', short)
  const held = new Gauge({
    name: 'backchannel_queue_waiting_for_limit',
    help: 'Of the jobs that wait those whose provider is asked as often as it may be',
    labelNames: ['provider'],
    registers,
  })
  const running = gauge('runs_running', 'Jobs that workers have in hand, in all processes')
  const due = gauge('runs_due', 'Runs that the sweep will look at: all that have not ended, and ended ones until then')
  const parkedNow = new Gauge({
    name: 'backchannel_parked_runs',
    help: 'Runs that wait for an answer, or are paused by a limit, in all processes; the embedded engine counts to 100,000',
    labelNames: ['state'],
    registers,
  })
  const iterations = histogram('iteration_seconds', 'Iterations, tries and waits included', long, ['model'])
  const modelCalls = histogram('model_call_seconds', 'Model calls, each try', long, ['model', 'outcome'])
  const modelFailures = counter('model_failures_total', 'Model calls that failed, and what followed', [
    'provider',
    'outcome',
  ])
  const firstTokens = histogram('time_to_first_token_seconds', 'From a model call to its first words', short, ['model'])
  const tokens = counter('tokens_total', 'Tokens; cached are part of input, reasoning part of output', [
    'model',
    'kind',
  ])
  const cost = counter('cost_total', 'Money by MODEL_PRICES, for models with a price', ['model'])
  const abilities = histogram('ability_call_seconds', 'Abilities carried out', long, ['outcome'])
  const webhooks = counter('webhook_attempts_total', 'Attempts to tell webhooks; given-up: the last one failed', [
    'outcome',
  ])
  const jobs = histogram('helper_job_seconds', 'Jobs of helper processes; killed and died are ended ones', short, [
    'job',
    'outcome',
  ])
  const loopDelay = histogram(
    'event_loop_delay_seconds',
    'How late a timer comes: the process or its machine was busy',
    delays,
  )
  const loopBusy = histogram('event_loop_busy_seconds', 'The part of it in which the process itself was busy', delays)
  const appends = counter('appends_total', 'Appends to logs of runs', ['outcome'])
  const written = counter('events_written_total', 'Events written; deltas of one append count as one')
  const readers = gauge('subscribers', 'Readers that follow a channel in this process')
  const delivered = counter('events_delivered_total', 'Events handed to readers; joined deltas count as one')
  const replays = counter('replays_total', 'Logs read for a reader', ['why'])
  const inHand = gauge('runs_in_hand', 'Runs that the worker of this process has in hand')
  const places = gauge('worker_places', 'Runs that all workers that are up can have in hand')
  const storeUp = gauge('store_up', '1: the store answers and can be used; 0: it cannot')
  const storeSeconds = gauge('store_latency_seconds', 'How long the store took to say so')
  const requests = counter('requests_total', 'HTTP responses; 101: operations on WebSockets', ['status'])
  const answered = counter(
    'operations_total',
    'Operations of GraphQL and requests of REST by endpoint; refused: 4xx, failed: 5xx',
    ['operation', 'outcome'],
  )
  const errors = counter('operation_errors_total', 'Those with an error, by the code of the first', ['code'])
  const clients = gauge('connections', 'Connections of clients to this process')
  const build = new Gauge({
    name: 'backchannel_build_info',
    help: 'Always 1; the labels say what runs',
    labelNames: Object.keys(info),
    registers,
  })
  build.set(info, 1)
  begin(
    {
      dispatches,
      started,
      paused,
      raised,
      answers,
      ended,
      lasted,
      modelFailures,
      abilities,
      webhooks,
      jobs,
      appends,
      replays,
      requests,
      answered,
      errors,
    },
    providers,
  )
  collectDefaultMetrics({ register: registry })

  const modelLabel = boundedLabel(maxModels)
  // Looked up once, because a lookup at every append would cost more than everything else here.
  const applied = appends.labels('applied')

  const named = new Set<string>()
  const byStatus = new Map(statuses.map((status) => [status, requests.labels({ status: String(status) })]))
  const count: { readonly [Type in News['type']]: (news: Extract<News, { readonly type: Type }>) => void } = {
    dispatched: () => dispatches.inc({ outcome: 'created' }),
    'dispatched-again': ({ outcome }) => dispatches.inc({ outcome }),
    started({ how, waitedMs }) {
      started.inc({ how })
      if (how === 'first') waited.observe(waitedMs / 1000)
    },
    iterated({ model: name, durationMs, cost: paid }) {
      const model = modelLabel(name)
      iterations.observe({ model }, durationMs / 1000)
      if (paid !== null) cost.inc({ model }, paid)
    },
    parked: () => parked.inc(),
    paused: ({ limit }) => paused.inc({ limit }),
    raised: ({ by, outcome }) => raised.inc({ by, outcome }),
    answered({ by, outcome, wakes }) {
      answers.inc({ by, outcome })
      if (wakes) woken.inc()
    },
    'handed-back': () => handedBack.inc(),
    'model-failed': ({ provider, waitMs }) =>
      modelFailures.inc({ provider, outcome: waitMs === null ? 'given-up' : 'retried' }),
    'append-refused': ({ outcome }) => appends.inc({ outcome }),
    ended({ outcome, code, durationMs }) {
      ended.inc({ outcome, code: code ?? '' })
      lasted.observe({ outcome }, durationMs / 1000)
    },
    appended({ events }) {
      applied.inc()
      written.inc(events)
    },
    'run-taken': () => inHand.inc(),
    'run-left': () => inHand.dec(),
    'turn-taken': ({ waitedMs }) => turns.observe(waitedMs / 1000),
    requested: ({ status }) => (byStatus.get(status) ?? requests.labels({ status: 'other' })).inc(),
    serving({ operations }) {
      for (const operation of operations) {
        named.add(operation)
        beginOperation(answered, operation)
      }
    },
    operated({ operation, code }) {
      const name = named.has(operation) ? operation : 'other'
      answered.inc({ operation: name, outcome: outcomeOf(code) })
      if (code !== null) errors.inc({ code })
    },
    'client-came': () => clients.inc(),
    'client-went': () => clients.dec(),
    'reader-came': () => readers.inc(),
    'reader-went': () => readers.dec(),
    delivered: ({ events }) => delivered.inc(events),
    replayed: ({ why }) => replays.inc({ why }),
    'first-token': ({ model, ms }) => firstTokens.observe({ model: modelLabel(model) }, ms / 1000),
    'model-called'({ model: name, outcome, durationMs, tokens: used }) {
      const model = modelLabel(name)
      modelCalls.observe({ model, outcome }, durationMs / 1000)
      tokens.inc({ model, kind: 'input' }, used.inputTokens)
      tokens.inc({ model, kind: 'cached' }, used.cachedInputTokens)
      tokens.inc({ model, kind: 'output' }, used.outputTokens)
      tokens.inc({ model, kind: 'reasoning' }, used.reasoningTokens)
    },
    'webhook-attempted': ({ outcome }) => webhooks.inc({ outcome }),
    'ability-called': ({ outcome, durationMs }) => abilities.observe({ outcome }, durationMs / 1000),
    'loop-delayed': ({ ms, busyMs }) => {
      loopDelay.observe(ms / 1000)
      loopBusy.observe(busyMs / 1000)
    },
    'job-done': ({ job, outcome, durationMs }) => jobs.observe({ job, outcome }, durationMs / 1000),
  }

  return {
    // Each type of news has its own function. The compiler cannot connect the two, hence the cast.
    tell: (news) => (count[news.type] as (news: News) => void)(news),
    async expose() {
      const [now, seconds] = await Promise.all([backlog().catch(() => null), secondsOf(readiness)])
      storeUp.set(seconds === null ? 0 : 1)
      storeSeconds.set(seconds ?? Number.NaN)
      places.set(now === null ? Number.NaN : (now.places ?? 1))
      running.set(now === null ? Number.NaN : now.running)
      due.set(now === null ? Number.NaN : now.due)
      for (const state of ['waiting', 'paused'] as const)
        parkedNow.set({ state }, now === null ? Number.NaN : now.parked[state])
      depth.set(now === null ? Number.NaN : now.waiting)
      for (const provider of providers)
        held.set({ provider }, now === null ? Number.NaN : (now.waitingForLimits[provider] ?? 0))
      age.set(now === null ? Number.NaN : (now.oldestMs ?? 0) / 1000)
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** The label of a model, without its settings. After `max` different names, further ones become `other`. */
function boundedLabel(max: number): (model: string) => string {
  const known = new Set<string>()
  return (model) => {
    const [name = ''] = model.split('/', 1)
    if (known.has(name)) return name
    if (known.size >= max) return 'other'
    known.add(name)
    return name
  }
}

/** How long the check took; null: it failed, or took too long. */
async function secondsOf(check: () => Promise<unknown>): Promise<number | null> {
  const startedAt = performance.now()
  const outcome = await Promise.race([
    check().then(
      () => 'up',
      () => 'down',
    ),
    sleep(checkMs, 'late', { ref: false }),
  ])
  return outcome === 'up' ? (performance.now() - startedAt) / 1000 : null
}
