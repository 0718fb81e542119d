import {
  type Pace,
  type ProviderLimit,
  paceOfRequests,
  paceOfTokens,
} from '../../../dispatch/limits/provider-limits.ts'

/** What a provider may be asked; several providers may share one. */
export interface Bucket {
  /** How long its limits are used up, in ms; not above 0: they are not. */
  wait(): number
  spend(requests: number, tokens: number): void
}

/** By provider. One without limits has none. */
export function createBuckets(limits: readonly ProviderLimit[], clock: () => number): ReadonlyMap<string, Bucket> {
  const byName = new Map<string, Bucket>()
  return new Map(
    limits.map(({ provider, bucket, requestsPerMinute, tokensPerMinute }) => {
      const own =
        byName.get(bucket) ?? createBucket(paceOfRequests(requestsPerMinute), paceOfTokens(tokensPerMinute), clock)
      byName.set(bucket, own)
      return [provider, own]
    }),
  )
}

function createBucket(requests: Pace, tokens: Pace, clock: () => number): Bucket {
  const paces = [requests, tokens]
  const arrivals = [0, 0]
  return {
    wait: () =>
      // Two calls of one ms may be apart by a rounding.
      Math.floor(
        Math.max(
          0,
          ...paces.map(({ eachMs, burstMs }, n) => (eachMs === 0 ? 0 : (arrivals[n] ?? 0) - burstMs - clock())),
        ),
      ),
    spend(...amounts) {
      for (const [n, { eachMs }] of paces.entries()) {
        const amount = amounts[n] ?? 0
        if (eachMs > 0 && amount !== 0) arrivals[n] = Math.max(arrivals[n] ?? 0, clock()) + amount * eachMs
      }
    },
  }
}
