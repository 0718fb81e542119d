import type { Counter, Histogram } from 'prom-client'
import { type FailureCode, failures, type OutcomeCode, outcomes } from '../kernel/errors.ts'
import type { Outcome } from '../kernel/helpers/helper.ts'
import type { News } from '../kernel/news.ts'

type Of<Type extends News['type']> = Extract<News, { readonly type: Type }>
/** All of a union, checked by the compiler. */
const each = <Value extends string>(values: Readonly<Record<Value, 0>>) => Object.keys(values) as Value[]

/** Of HTTP responses: those of our failures, and those that are none. */
export const statuses: readonly number[] = [
  ...new Set([101, 200, 201, 204, 304, 405, 415, ...Object.values(failures).map(({ status }) => status)]),
]

/** The metrics whose labels have values that are known beforehand. */
interface Known {
  readonly dispatches: Counter
  readonly started: Counter
  readonly paused: Counter
  readonly raised: Counter
  readonly answers: Counter
  readonly ended: Counter
  readonly lasted: Histogram
  readonly modelFailures: Counter
  readonly abilities: Histogram
  readonly webhooks: Counter
  readonly jobs: Histogram
  readonly appends: Counter
  readonly replays: Counter
  readonly requests: Counter
  readonly answered: Counter
  readonly errors: Counter
}

const endings = each<Of<'ended'>['outcome']>({ completed: 0, failed: 0, cancelled: 0 })
const results = ['settled', 'repeated', 'conflict', 'unknown', 'late', 'early', 'other-way', 'full', 'ended']
const helperJobs = ['read-schema', 'check-arguments', 'read-instruction', 'read-page', 'search-datasets']

const operationOutcomes = ['answered', 'refused', 'failed'] as const

/** Whether the caller or the service is to blame for an error. */
export function outcomeOf(code: FailureCode | null): (typeof operationOutcomes)[number] {
  if (code === null) return 'answered'
  return failures[code].status < 500 ? 'refused' : 'failed'
}

export function beginOperation(answered: Counter, operation: string): void {
  for (const outcome of operationOutcomes) answered.inc({ operation, outcome }, 0)
}

/** Sets every series whose labels are known to 0; the names of operations are known once the APIs are open. */
export function begin(known: Known, providers: readonly string[]): void {
  for (const outcome of ['created', ...each<Of<'dispatched-again'>['outcome']>({ exists: 0, conflict: 0 })])
    known.dispatches.inc({ outcome }, 0)
  for (const how of each<Of<'started'>['how']>({ first: 0, resumed: 0, 'taken-over': 0 })) known.started.inc({ how }, 0)
  for (const limit of each<Of<'paused'>['limit']>({ iterations: 0, calls: 0, tokens: 0, cost: 0 }))
    known.paused.inc({ limit }, 0)
  for (const by of each<Of<'raised'>['by']>({ caller: 0, deadline: 0 }))
    for (const outcome of each<Of<'raised'>['outcome']>({ raised: 0, early: 0, full: 0, ended: 0 }))
      known.raised.inc({ by, outcome }, 0)
  for (const by of each<Of<'answered'>['by']>({ submit: 0, channel: 0, deadline: 0 }))
    for (const outcome of results) known.answers.inc({ by, outcome }, 0)
  for (const outcome of endings) known.lasted.zero({ outcome })
  for (const outcome of each<Of<'webhook-attempted'>['outcome']>({ delivered: 0, retried: 0, 'given-up': 0 }))
    known.webhooks.inc({ outcome }, 0)
  for (const outcome of ['completed', 'cancelled']) known.ended.inc({ outcome, code: '' }, 0)
  for (const code of Object.keys(outcomes) as OutcomeCode[]) known.ended.inc({ outcome: 'failed', code }, 0)
  for (const provider of providers)
    for (const outcome of ['retried', 'given-up']) known.modelFailures.inc({ provider, outcome }, 0)
  for (const outcome of ['completed', 'failed']) known.abilities.zero({ outcome })
  for (const job of helperJobs) for (const outcome of jobOutcomes) known.jobs.zero({ job, outcome })
  for (const outcome of ['applied', ...each<Of<'append-refused'>['outcome']>({ fenced: 0, ended: 0 })])
    known.appends.inc({ outcome }, 0)
  for (const why of each<Of<'replayed'>['why']>({ start: 0, gap: 0 })) known.replays.inc({ why }, 0)
  beginOperation(known.answered, 'other')
  for (const code of Object.keys(failures)) known.errors.inc({ code }, 0)
  for (const status of [...statuses.map(String), 'other']) known.requests.inc({ status }, 0)
}

const jobOutcomes = each<Outcome['kind']>({
  done: 0,
  failure: 0,
  'out-of-time': 0,
  'out-of-memory': 0,
  killed: 0,
  died: 0,
  'not-started': 0,
  defect: 0,
})
