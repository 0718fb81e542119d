import type { HelperJobs } from '../../src/app/helper-jobs.ts'
import type { SettleOutcome } from '../../src/dispatch/pending-call.ts'
import type { News } from '../../src/kernel/news.ts'
import { createMetrics, type MetricsSources } from '../../src/telemetry/metrics.ts'

type Of<Type extends News['type']> = Extract<News, { readonly type: Type }>
/** All of a union, checked by the compiler. */
const each = <Value extends string>(values: Readonly<Record<Value, 0>>) => Object.keys(values) as Value[]

const key = { account: 'a', channel: 'c' } as Of<'dispatched'>['key']
const outcomesOfCalls = each<SettleOutcome>({
  settled: 0,
  repeated: 0,
  conflict: 0,
  unknown: 0,
  late: 0,
  early: 0,
  'other-way': 0,
  full: 0,
  ended: 0,
})
const tokens = { inputTokens: 1, cachedInputTokens: 1, outputTokens: 1, reasoningTokens: 1 }
const run = { key, durationMs: 1, iterations: 1, calls: 0 }

/** One of each news with each value that becomes a label. */
const news: { readonly [Type in News['type']]: readonly Of<Type>[] } = {
  dispatched: [{ type: 'dispatched', key, model: 'm' }],
  'dispatched-again': each<Of<'dispatched-again'>['outcome']>({ exists: 0, conflict: 0 }).map((outcome) => ({
    type: 'dispatched-again',
    key,
    outcome,
  })),
  started: each<Of<'started'>['how']>({ first: 0, resumed: 0, 'taken-over': 0 }).map((how) => ({
    type: 'started',
    key,
    attempt: 1,
    how,
    waitedMs: 1,
  })),
  'webhook-attempted': each<Of<'webhook-attempted'>['outcome']>({ delivered: 0, retried: 0, 'given-up': 0 }).map(
    (outcome) => ({ type: 'webhook-attempted', outcome }),
  ),
  iterated: [{ type: 'iterated', key, model: 'm', durationMs: 1, cost: 1 }],
  parked: [{ type: 'parked', key, calls: 1 }],
  paused: each<Of<'paused'>['limit']>({ iterations: 0, calls: 0, tokens: 0, cost: 0 }).map((limit) => ({
    type: 'paused',
    key,
    limit,
  })),
  raised: each<Of<'raised'>['by']>({ caller: 0, deadline: 0 }).flatMap((by) =>
    each<Of<'raised'>['outcome']>({ raised: 0, early: 0, full: 0, ended: 0 }).map(
      (outcome) => ({ type: 'raised', key, by, outcome }) as const,
    ),
  ),
  answered: each<Of<'answered'>['by']>({ submit: 0, channel: 0, deadline: 0 }).flatMap((by) =>
    outcomesOfCalls.map((outcome) => ({ type: 'answered', key, callId: 'c', by, outcome, wakes: true }) as const),
  ),
  'handed-back': [{ type: 'handed-back', key }],
  'model-failed': [5, null].map((waitMs) => {
    return { type: 'model-failed', key, provider: 'p', host: 'h', status: 500, code: null, attempt: 1, waitMs }
  }),
  'append-refused': each<Of<'append-refused'>['outcome']>({ fenced: 0, ended: 0 }).map((outcome) => ({
    type: 'append-refused',
    key,
    outcome,
  })),
  ended: each<Of<'ended'>['outcome']>({ completed: 0, failed: 0, cancelled: 0 }).map((outcome) => ({
    type: 'ended',
    ...run,
    outcome,
    code: null,
  })),
  'job-done': each<Of<'job-done'>['outcome']>({
    done: 0,
    failure: 0,
    'out-of-time': 0,
    'out-of-memory': 0,
    killed: 0,
    died: 0,
    'not-started': 0,
    defect: 0,
  }).flatMap((outcome) =>
    each<keyof HelperJobs>({
      'read-schema': 0,
      'check-arguments': 0,
      'read-instruction': 0,
      'read-page': 0,
      'search-datasets': 0,
    }).map((job) => ({ type: 'job-done', job, outcome, durationMs: 1 }) as const),
  ),
  'loop-delayed': [{ type: 'loop-delayed', ms: 1, busyMs: 1 }],
  'run-taken': [{ type: 'run-taken' }],
  'run-left': [{ type: 'run-left' }],
  'turn-taken': [{ type: 'turn-taken', waitedMs: 1 }],
  requested: [{ type: 'requested', status: 200 }],
  serving: [{ type: 'serving', operations: ['dispatchConversation'] }],
  operated: [...([null, 'NOT_FOUND', 'INTERNAL'] as const)].map((code) => ({ type: 'operated', operation: 'o', code })),
  'client-came': [{ type: 'client-came' }],
  'client-went': [{ type: 'client-went' }],
  appended: [{ type: 'appended', events: 1 }],
  'reader-came': [{ type: 'reader-came' }],
  'reader-went': [{ type: 'reader-went' }],
  delivered: [{ type: 'delivered', events: 1 }],
  replayed: each<Of<'replayed'>['why']>({ start: 0, gap: 0 }).map((why) => ({ type: 'replayed', why })),
  'first-token': [{ type: 'first-token', model: 'm', ms: 1 }],
  'model-called': each<Of<'model-called'>['outcome']>({ finished: 0, failed: 0, aborted: 0 }).map((outcome) => ({
    type: 'model-called',
    model: 'm',
    outcome,
    durationMs: 1,
    tokens,
  })),
  'ability-called': ['completed', 'failed'].map((outcome) => ({ type: 'ability-called', outcome, durationMs: 1 })),
}

/** Labels whose values are not a short list. */
const open = ['model', 'operation', 'code', 'provider', 'status', 'version', 'node', 'role', 'engine']

/** Of a process that nothing has happened in. */
export const quietSources: MetricsSources = {
  info: { version: '1.2.3', node: '24.0.0', role: 'all', engine: 'Redis' },
  providers: ['demo'],
  backlog: async () => ({
    waiting: 0,
    running: 0,
    due: 0,
    parked: { waiting: 0, paused: 0 },
    oldestMs: null,
    waitingForLimits: {},
  }),
  readiness: async () => {},
}

/** Name, labels with their values, and what it counts, of each metric of ours: as the exposition itself has them. */
export async function metricRows(): Promise<readonly (readonly string[])[]> {
  const metrics = createMetrics(quietSources)
  for (const one of Object.values(news).flat()) metrics.tell(one)
  const { text } = await metrics.expose()
  return [...text.matchAll(/^# HELP (backchannel_\w+) (.*)$/gm)].map(([, name = '', help = '']) => {
    return [`\`${name}\``, labelsOf(name, text), help]
  })
}

function labelsOf(name: string, text: string): string {
  const values = new Map<string, Set<string>>()
  for (const [, labels = ''] of text.matchAll(new RegExp(`^${name}(?:_bucket)?\\{(.*)\\} `, 'gm'))) {
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
      if (label !== 'le') values.set(label, (values.get(label) ?? new Set()).add(value))
    }
  }
  return [...values]
    .map(
      ([label, some]) =>
        `\`${label}\`${open.includes(label) ? '' : `: ${[...some].map((v) => `\`${v}\``).join(', ')}`}`,
    )
    .join('; ')
}
