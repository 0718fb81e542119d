import type { Provider } from './catalogue.ts'
import type { ModelList } from './model-list.ts'

/** The access to a provider, from the configuration. */
export interface ProviderAccess {
  readonly apiKey: string
  /** Default: the address of the provider. */
  readonly baseUrl?: string | undefined
}

/** What providers get from the process. */
export interface ProviderParts {
  readonly fetch: typeof fetch
  /** Ends early, with any error, when its signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** Reads the list of models at this address, whose path ends in `/models`. */
  readonly listOf: (url: string, headers: Readonly<Record<string, string>>) => ModelList
}

/** One entry of the registry in providers.ts. `Access` is the type of its part of the configuration. */
export interface ProviderDefinition<Access> {
  /** The providers that it opens, by their names before the colon of a model name. */
  readonly ids: readonly string[]
  /** The environment variable that configures it. */
  readonly variable: string
  open(access: Access, parts: ProviderParts): readonly Provider[]
}
