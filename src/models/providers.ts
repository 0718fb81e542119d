import { anthropic } from './ai-sdk/anthropic-provider.ts'
import { compatible } from './ai-sdk/compatible-provider.ts'
import { openai } from './ai-sdk/openai-provider.ts'
import type { Provider } from './catalogue.ts'
import { createDemoProvider } from './demo/provider.ts'
import type { Model } from './model.ts'
import { createModelList, type ModelList } from './model-list.ts'
import type { ProviderDefinition } from './provider-access.ts'
import { createProviderGate, type ProviderGateOptions } from './provider-gate.ts'
import { createSilenceLimit, type SilenceLimitOptions } from './silence-limit.ts'

/** All providers except the demo model, by their names in the configuration. CONTRIBUTING.md says how to add one. */
export const registry = { openai, anthropic, compatible }

type Registry = typeof registry
type AccessOf<Definition> = Definition extends ProviderDefinition<infer Access> ? Access : never

/** The clock must be monotonic. */
export interface ProvidersOptions extends ProviderGateOptions, SilenceLimitOptions {
  readonly fetch: typeof fetch
  /** Null: not configured. */
  readonly access: { readonly [Name in keyof Registry]: AccessOf<Registry[Name]> | null }
}

export interface Providers {
  readonly providers: readonly Provider[]
  /** For each unconfigured provider, the variable that would configure it; for `createCatalogue`. */
  readonly unconfigured: Readonly<Record<string, string>>
  /** Stops refreshing lists of models. Calls end by their own signals. */
  close(): void
}

/**
 * All configured providers, each with its own gate and silence limit, and the demo model with neither. The silence
 * limit is inside the gate, because a call that waits for its turn is not a silent model.
 */
export function createProviders(options: ProvidersOptions): Providers {
  const { access, fetch, clock, sleep } = options
  const lists: ModelList[] = []

  const listOf = (url: string, headers: Readonly<Record<string, string>>): ModelList => {
    const list = createModelList({ url, headers, fetch, clock })
    lists.push(list)
    return list
  }
  const open = <Access>(definition: ProviderDefinition<Access>, given: Access | null): readonly Provider[] => {
    if (given === null) return []
    // One gate for all providers of a definition, because they share the account whose calls the provider counts.
    const gate = createProviderGate(options)
    const limit = createSilenceLimit(options)
    const opened = definition.open(given, { fetch, sleep, listOf })
    return opened.map((provider) => guarded(provider, (model) => gate.bind(limit(model))))
  }
  const definitions: readonly (readonly [string, ProviderDefinition<unknown>])[] = Object.entries(registry)
  const accesses: Readonly<Record<string, unknown>> = access
  const configured = definitions.filter(([name]) => (accesses[name] ?? null) !== null)
  const missing = definitions.filter(([name]) => (accesses[name] ?? null) === null)
  return {
    providers: [
      createDemoProvider({ sleep }),
      ...configured.flatMap(([name, definition]) => open(definition, accesses[name])),
    ],
    unconfigured: Object.fromEntries(missing.flatMap(([, { ids, variable }]) => ids.map((id) => [id, variable]))),
    close() {
      for (const list of lists) list.close()
    },
  }
}

function guarded(provider: Provider, guard: (model: Model) => Model): Provider {
  return {
    ...provider,
    open(name, settings) {
      const opened = provider.open(name, settings)
      return 'kind' in opened ? opened : guard(opened)
    },
  }
}
