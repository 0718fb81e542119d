import type { Usage as DomainUsage } from '../../../conversation/usage.ts'
import { builder } from '../builder.ts'

export const Usage = builder.objectRef<DomainUsage>('Usage').implement({
  description: 'What was used, as far as the provider told; counts of tokens unless said otherwise.',
  fields: (t) => ({
    inputTokens: t.exposeInt('inputTokens', { description: 'Tokens that the model read.' }),
    cachedInputTokens: t.exposeInt('cachedInputTokens', {
      description: 'The part of `inputTokens` that the provider took from its cache.',
    }),
    outputTokens: t.exposeInt('outputTokens', { description: 'Tokens that the model wrote.' }),
    reasoningTokens: t.exposeInt('reasoningTokens', {
      description: 'The part of `outputTokens` that went into reasoning.',
    }),
    totalTokens: t.exposeInt('totalTokens', { description: '`inputTokens` and `outputTokens` together.' }),
    iterations: t.exposeInt('iterations', { description: 'Model calls that were finished.' }),
    calls: t.exposeInt('calls', { description: 'Function calls that were asked for.' }),
  }),
})
