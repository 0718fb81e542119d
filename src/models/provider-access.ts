import type { Provider } from './catalogue.ts'
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
  /** Ends early, with any error, when its signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** What is served at that address, whose path ends in `/models`. */
  readonly listOf: (url: string, headers: Readonly<Record<string, string>>) => ModelList
}

/** One entry of the registry in providers.ts. `Access` is what its part of the configuration comes to. */
export interface ProviderDefinition<Access> {
  /** The providers that it opens, by the names that stand before the colon of a model's name. */
  readonly ids: readonly string[]
  /** The environment variable without which it is not configured. */
  readonly variable: string
  open(access: Access, parts: ProviderParts): readonly Provider[]
}
