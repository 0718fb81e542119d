import { builder } from '../builder.ts'

export const LimitsInput = builder.inputType('LimitsInput', {
  description: 'Limits on the work of a run. The finish reason tells which limit stopped it.',
  fields: (t) => ({
    iterations: t.int({
      description:
        'How many model calls the run may make, continuations included: 1 to 1000. The function calls of the last one are still executed; then the run completes with ITERATION. Default: the server setting DEFAULT_ITERATIONS (100).',
    }),
    continuations: t.int({
      description:
        'How many model calls may continue an output that was cut off or empty: 0 to 1000. If the output is still cut off after the last one, the run completes with LENGTH. Default: the server setting DEFAULT_CONTINUATIONS (20).',
    }),
    calls: t.int({
      description:
        'How many function calls the run may execute: 0 to 100,000. Further calls fail with LIMIT_EXCEEDED, and the run completes with CALLS before its next iteration. Default: the server setting DEFAULT_CALLS (1000).',
    }),
  }),
})
