import { builder } from './builder.ts'

export const LimitsInput = builder.inputType('LimitsInput', {
  description: 'What bounds the work of a run. Each shows in the finish reason when it stops one.',
  fields: (t) => ({
    iterations: t.int({ description: 'Model calls of any kind, 1 to 1000. Default 100.' }),
    continuations: t.int({
      description: 'Model calls that go on with an output that was cut or empty, 0 to 1000. Default 20.',
    }),
  }),
})
