import { wholeNumber } from './forms.ts'
import { group, variable } from './variable.ts'

/** How much a worker does at once, when it counts as dead, and what bounds a run. */
export const worker = {
  workerConcurrency: variable(wholeNumber(1, 10_000), {
    name: 'WORKER_CONCURRENCY',
    default: '50',
    meaning: 'How many runs one worker process has in hand at once.',
    isSecret: false,
  }),
  leaseMs: variable(wholeNumber(1000, 600_000), {
    name: 'LEASE_MS',
    default: '5000',
    meaning: 'A worker that has been silent for this long counts as dead, and its runs go to others.',
    isSecret: false,
  }),
  defaultLimits: group({
    iterations: variable(wholeNumber(1, 1000), {
      name: 'DEFAULT_ITERATIONS',
      default: '100',
      meaning: 'How many model calls a run may make when its dispatch sets no limit.',
      isSecret: false,
    }),
    continuations: variable(wholeNumber(0, 1000), {
      name: 'DEFAULT_CONTINUATIONS',
      default: '20',
      meaning: 'How many of these may continue an output that was cut or empty.',
      isSecret: false,
    }),
    calls: variable(wholeNumber(0, 100_000), {
      name: 'DEFAULT_CALLS',
      default: '1000',
      meaning: 'How many function calls a run may make when its dispatch sets no limit.',
      isSecret: false,
    }),
  }),
}
