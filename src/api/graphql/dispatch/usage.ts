import type { Usage as DomainUsage } from '../../../conversation/usage.ts'
import { builder } from '../builder.ts'

export const Usage = builder.objectRef<DomainUsage>('Usage').implement({
  description: 'What model calls used, as reported by the provider. Unreported values count as 0.',
  fields: (t) => ({
    inputTokens: t.exposeInt('inputTokens', { description: 'Tokens that the model read.' }),
    cachedInputTokens: t.exposeInt('cachedInputTokens', {
      description: 'How many of `inputTokens` the provider read from its cache.',
    }),
    outputTokens: t.exposeInt('outputTokens', { description: 'Tokens that the model wrote, reasoning included.' }),
    reasoningTokens: t.exposeInt('reasoningTokens', {
      description: 'How many of `outputTokens` were reasoning.',
    }),
    totalTokens: t.exposeInt('totalTokens', { description: 'The sum of `inputTokens` and `outputTokens`.' }),
    discardedTokens: t.int({
      description:
        'How many of `totalTokens` went into answers that were discarded because the provider failed before their end. The model was then asked again.',
      resolve: ({ discardedTokens }) => discardedTokens ?? 0,
    }),
    iterations: t.exposeInt('iterations', { description: 'How many model calls were finished.' }),
    calls: t.exposeInt('calls', { description: 'How many function calls the model made.' }),
    cost: t.float({
      nullable: true,
      description:
        'What the tokens cost, in the unit of MODEL_PRICES, by the price at the time of the dispatch. Null where nothing was used whose price is known.',
      resolve: ({ cost }) => cost,
    }),
  }),
})
