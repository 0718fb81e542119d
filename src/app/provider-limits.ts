import type { Config } from '../config/config.ts'
import type { ProviderLimit } from '../dispatch/limits/provider-limits.ts'
import { registry } from '../models/providers.ts'

/** The limits of the configuration. All providers of a definition share its buckets, because the provider counts them as one. */
export function providerLimitsOf({ providerLimits }: Pick<Config, 'providerLimits'>): readonly ProviderLimit[] {
  return (Object.keys(registry) as (keyof typeof registry)[]).flatMap((bucket) => {
    const limits = providerLimits[bucket]
    if (limits.requestsPerMinute === null && limits.tokensPerMinute === null) return []
    return registry[bucket].ids.map((provider) => ({ provider, bucket, ...limits }))
  })
}
