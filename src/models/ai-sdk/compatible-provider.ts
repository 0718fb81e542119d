import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { z } from 'zod'
import { callSettingFields } from '../call-setting-fields.ts'
import type { Provider } from '../catalogue.ts'
import { defined } from '../defined.ts'
import { compatibleRules } from '../fit/compatible-rules.ts'
import { isImage } from '../media-type.ts'
import type { ModelList } from '../model-list.ts'
import type { ProviderDefinition, ProviderParts } from '../provider-access.ts'
import { bearer, withoutTrailingSlash } from '../provider-address.ts'
import { settingFields } from '../setting-fields.ts'
import { chatCompletions } from '../wire/chat-completions.ts'
import type { Hearing } from '../wire/hearing.ts'
import { createAiSdkProvider } from './provider.ts'

const schema = z.strictObject({
  ...callSettingFields,
  reasoningEffort: settingFields.oneOf(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']),
  /** Only who runs the server knows what its models can see. */
  files: settingFields.oneOf(['none', 'images']),
  /** `done`: for a server that never says why it stopped; without it, each of its answers would count as broken. */
  end: settingFields.oneOf(['reason', 'done']),
})

interface CompatibleAccess {
  /** Most such servers run without. */
  readonly apiKey?: string | undefined
  /** Up to and including the version: `http://localhost:11434/v1`. */
  readonly baseUrl: string
}

export const compatible: ProviderDefinition<CompatibleAccess> = {
  ids: ['compatible'],
  variable: 'OPENAI_COMPATIBLE_BASE_URL',
  open({ apiKey, ...access }, parts) {
    const baseUrl = withoutTrailingSlash(access.baseUrl)
    const list = parts.listOf(`${baseUrl}/models`, bearer(apiKey))
    return [createCompatibleProvider({ apiKey, baseUrl, parts, list })]
  },
}

interface CompatibleProviderOptions extends CompatibleAccess {
  readonly parts: ProviderParts
  readonly list: ModelList
}

/**
 * Any server that speaks OpenAI's chat completions: Ollama, vLLM, LM Studio, … A name that is not in its list is
 * unknown; every name is let through while there is no list.
 */
function createCompatibleProvider({ apiKey, baseUrl, parts, list }: CompatibleProviderOptions): Provider {
  const server = (fetch: Hearing['fetch']) =>
    createOpenAICompatible({
      name: 'compatible',
      baseURL: baseUrl,
      fetch,
      includeUsage: true,
      // A server that has none refuses them itself.
      supportsStructuredOutputs: true,
      ...(apiKey !== undefined && { apiKey }),
    })
  return createAiSdkProvider({
    id: 'compatible',
    secret: apiKey,
    schema,
    models: list.ids,
    knows: (name) => list.has(name) ?? true,
    languageModel: (name, fetch) => server(fetch).chatModel(name),
    format: ({ end }) => chatCompletions({ isDoneAnEnd: end === 'done' }),
    parts,
    formatOptions: (isStrict) => ({ compatible: { strictJsonSchema: isStrict } }),
    takesFile: ({ files }) => (files === 'images' ? isImage : () => false),
    callSettings: ({ maxTokens, reasoningEffort, files: _files, end: _end, ...settings }) =>
      defined({ ...settings, maxOutputTokens: maxTokens, reasoning: reasoningEffort }),
    rules: compatibleRules,
    destination: () => ({ host: new URL(baseUrl).hostname }),
  })
}
