import type { ModelList } from './model-list.ts'

/** How to get at a provider, from the configuration. */
export interface ProviderAccess {
  readonly apiKey: string
  /** Default: the provider's own. */
  readonly baseUrl?: string | undefined
}

/** What the providers get from the process. */
export interface ProviderParts {
  readonly fetch: typeof fetch
  readonly list: ModelList
}
