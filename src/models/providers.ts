import { anthropicBaseUrl, createAnthropicProvider } from './ai-sdk/anthropic-provider.ts'
import { createCompatibleProvider } from './ai-sdk/compatible-provider.ts'
import { createOpenAiProvider, openAiBaseUrl } from './ai-sdk/openai-provider.ts'
import type { Provider } from './catalogue.ts'
import { createDemoProvider } from './demo/provider.ts'
import type { Model } from './model.ts'
import { createModelList, type ModelList } from './model-list.ts'
import type { ProviderAccess } from './provider-access.ts'
import { createProviderGate, type ProviderGateOptions } from './provider-gate.ts'
import { createSilenceLimit, type SilenceLimitOptions } from './silence-limit.ts'

/** A provider that is absent here is not configured. The clock must not go backwards. */
export interface ProvidersOptions extends ProviderGateOptions, SilenceLimitOptions {
  readonly fetch: typeof fetch
  readonly openai?: ProviderAccess | undefined
  readonly anthropic?: ProviderAccess | undefined
  readonly compatible?: { readonly baseUrl: string; readonly apiKey?: string | undefined } | undefined
}

export interface Providers {
  readonly providers: readonly Provider[]
  /** The variable that would configure each of the others, for `createCatalogue`. */
  readonly unconfigured: Readonly<Record<string, string>>
  /** Stops reading lists of models. Calls are ended by their own signals. */
  close(): void
}

const variables = {
  openai: 'OPENAI_API_KEY',
  'openai-chat': 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  compatible: 'OPENAI_COMPATIBLE_BASE_URL',
}

/**
 * All providers that are configured, each behind a gate and a silence limit of its own, and the demo model behind none.
 * The limit stands inside the gate: a call that waits for its turn is not a silent model.
 */
export function createProviders(options: ProvidersOptions): Providers {
  const { openai, anthropic, compatible, fetch, clock, sleep } = options
  const lists: ModelList[] = []

  const listOf = (baseUrl: string, headers: Readonly<Record<string, string>>): ModelList => {
    const list = createModelList({ url: `${baseUrl.replace(/\/$/, '')}/models`, headers, fetch, clock })
    lists.push(list)
    return list
  }
  const openOpenAi = (access: ProviderAccess): readonly Provider[] => {
    const list = listOf(access.baseUrl ?? openAiBaseUrl, bearer(access.apiKey))
    const apis = ['responses', 'chat'] as const
    return apis.map((api) => createOpenAiProvider({ ...access, api, list, fetch }))
  }
  const openAnthropic = (access: ProviderAccess): Provider => {
    const headers = { 'x-api-key': access.apiKey, 'anthropic-version': '2023-06-01' }
    const list = listOf(anthropicBaseUrl(access.baseUrl), headers)
    return createAnthropicProvider({ ...access, list, fetch })
  }
  const openCompatible = (access: NonNullable<typeof compatible>): Provider => {
    const list = listOf(access.baseUrl, bearer(access.apiKey))
    return createCompatibleProvider({ ...access, list, fetch })
  }
  const guard = (provided: readonly Provider[]): readonly Provider[] => {
    // One gate for both of OpenAI's: they share the account that OpenAI counts for.
    const gate = createProviderGate(options)
    const limit = createSilenceLimit(options)
    return provided.map((provider) => guarded(provider, (model) => gate.bind(limit(model))))
  }

  const providers = [
    createDemoProvider({ sleep }),
    ...guard(openai === undefined ? [] : openOpenAi(openai)),
    ...guard(anthropic === undefined ? [] : [openAnthropic(anthropic)]),
    ...guard(compatible === undefined ? [] : [openCompatible(compatible)]),
  ]
  const isMissing = (id: string) => !providers.some((provider) => provider.id === id)
  return {
    providers,
    unconfigured: Object.fromEntries(Object.entries(variables).filter(([id]) => isMissing(id))),
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

function bearer(apiKey: string | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
}
