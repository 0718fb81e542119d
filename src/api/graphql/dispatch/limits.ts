import type {
  LimitKind as DomainKind,
  ReachedLimit as DomainReached,
  WhenLimitReached as DomainWhen,
} from '../../../conversation/limits.ts'
import { builder } from '../builder.ts'

const whens: Record<Uppercase<DomainWhen>, { value: DomainWhen; description: string }> = {
  END: {
    value: 'end',
    description: 'The run completes with what it has; its finish reason is ITERATION, CALLS, TOKENS or COST.',
  },
  PAUSE: {
    value: 'pause',
    description:
      'The run is WAITING, holding no worker, until its limits are raised or it is cancelled, for 30 days at most; then it completes as with END.',
  },
}

const WhenLimitReached = builder.enumType('WhenLimitReached', {
  description: 'What is done when a limit on iterations, calls, tokens or cost is used up.',
  values: whens,
})

export const LimitsInput = builder.inputType('LimitsInput', {
  description:
    'Limits on the work of a run. They are looked at before each model call, so the last call may go beyond; a model that stops by itself completes with STOP, whatever was used. The finish reason tells which limit stopped a run.',
  fields: (t) => ({
    iterations: t.int({
      description:
        'How many model calls the run may make, continuations included: 1 to 1000. The function calls of the last one are still executed; then the run completes with ITERATION. Default: the server setting DEFAULT_ITERATIONS (100).',
    }),
    continuations: t.int({
      description:
        'How many model calls may continue an output that was cut off or empty: 0 to 1000. If the output is still cut off after the last one, the run completes with LENGTH, also where `whenReached` is PAUSE. Default: the server setting DEFAULT_CONTINUATIONS (20).',
    }),
    calls: t.int({
      description:
        'How many function calls the run may execute: 0 to 100,000. Further calls fail with LIMIT_EXCEEDED, and the run completes with CALLS before its next iteration. Default: the server setting DEFAULT_CALLS (1000).',
    }),
    tokens: t.int({
      description:
        'How many input and output tokens together the run may use, as the provider counts them: 1 to 2,147,483,647. Then it completes with TOKENS. Answers that were discarded because the provider failed count. When fewer than about 4000 are left, the model is told to write no more than that. Default: no limit.',
    }),
    cost: t.float({
      description:
        'How much money the run may cost, in the unit of MODEL_PRICES: more than 0, at most 1,000,000,000. Then it completes with COST. The price is that of the time of the dispatch. BAD_USER_INPUT for a model without a price. Default: no limit.',
    }),
    whenReached: t.field({
      type: WhenLimitReached,
      description: 'What is done when `iterations`, `calls`, `tokens` or `cost` is used up. Default: END.',
    }),
  }),
})

const kinds: Record<Uppercase<DomainKind>, { value: DomainKind; description: string }> = {
  ITERATIONS: { value: 'iterations', description: 'Model calls.' },
  CALLS: { value: 'calls', description: 'Function calls that the model made.' },
  TOKENS: { value: 'tokens', description: 'Input and output tokens together.' },
  COST: { value: 'cost', description: 'Money, in the unit of MODEL_PRICES.' },
}

const LimitKind = builder.enumType('LimitKind', { description: 'What a limit counts.', values: kinds })

export const ReachedLimit = builder.objectRef<DomainReached>('ReachedLimit').implement({
  description: 'A limit that is used up.',
  fields: (t) => ({
    kind: t.expose('kind', { type: LimitKind, description: 'What the limit counts.' }),
    used: t.exposeFloat('used', {
      description: 'How much the run has used. It may be more than was allowed: the last model call is let to its end.',
    }),
    allowed: t.exposeFloat('allowed', {
      description: 'How much it is allowed. The run goes on once it is allowed more than it has used.',
    }),
  }),
})
