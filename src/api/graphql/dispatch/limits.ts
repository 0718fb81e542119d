import { builder } from '../builder.ts'

export const LimitsInput = builder.inputType('LimitsInput', {
  description: 'What bounds the work of a run. Each shows in the finish reason when it stops one.',
  fields: (t) => ({
    iterations: t.int({
      description:
        'Model calls of any kind, 1 to 1000; the calls of the last one are still carried out. Default: DEFAULT_ITERATIONS (100).',
    }),
    continuations: t.int({
      description:
        'Model calls that go on with an output that was cut or empty, 0 to 1000. Default: DEFAULT_CONTINUATIONS (20).',
    }),
    calls: t.int({
      description:
        'Function calls that are carried out, 0 to 100,000; those beyond fail, and the run stops before its next iteration. Default: DEFAULT_CALLS (1000).',
    }),
  }),
})
