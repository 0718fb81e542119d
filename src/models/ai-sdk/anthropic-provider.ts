import { createAnthropic } from '@ai-sdk/anthropic'
import { z } from 'zod'
import { callSettingFields } from '../call-setting-fields.ts'
import type { Provider } from '../catalogue.ts'
import { defined } from '../defined.ts'
import { anthropicRules } from '../fit/claude-rules.ts'
import { hasPreservedThinking } from '../fit/destination.ts'
import { isImageOrPdf } from '../media-type.ts'
import type { ModelList } from '../model-list.ts'
import type { ProviderAccess, ProviderDefinition, ProviderParts } from '../provider-access.ts'
import { withoutTrailingSlash } from '../provider-address.ts'
import { settingFields } from '../setting-fields.ts'
import { anthropicMessages } from '../wire/anthropic-messages.ts'
import type { AiSdkCallSettings } from './model.ts'
import { createAiSdkProvider } from './provider.ts'

/** Anthropic has no seed and no penalties, and its temperature ends at 1. */
const schema = z.strictObject({
  temperature: settingFields.decimal(0, 1),
  maxTokens: callSettingFields.maxTokens,
  topP: callSettingFields.topP,
  reasoningEffort: settingFields.oneOf(['none', 'low', 'medium', 'high', 'xhigh', 'max']),
})

export const anthropic: ProviderDefinition<ProviderAccess> = {
  ids: ['anthropic'],
  variable: 'ANTHROPIC_API_KEY',
  open({ apiKey, baseUrl }, parts) {
    const url = anthropicBaseUrl(baseUrl)
    const list = parts.listOf(`${url}/models`, { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' })
    return [createAnthropicProvider({ apiKey, baseUrl: url, parts, list })]
  },
}

interface AnthropicProviderOptions extends ProviderAccess {
  readonly baseUrl: string
  readonly parts: ProviderParts
  readonly list: ModelList
}

/**
 * `reasoningEffort` becomes adaptive thinking with that effort, or a budget of tokens for the older models; the AI SDK
 * knows which. Names are not checked here: Anthropic refuses those that it does not know.
 */
function createAnthropicProvider({ apiKey, baseUrl, parts, list }: AnthropicProviderOptions): Provider {
  return createAiSdkProvider({
    id: 'anthropic',
    secret: apiKey,
    schema,
    models: list.ids,
    languageModel: (name, fetch) => createAnthropic({ apiKey, fetch, baseURL: baseUrl })(name),
    format: () => anthropicMessages,
    parts,
    takesFile: () => isImageOrPdf,
    // Otherwise models that the AI SDK takes for old ones are made to call a function instead, which is no text.
    formatOptions: () => ({ anthropic: { structuredOutputMode: 'outputFormat' } }),
    callSettings: ({ temperature, topP, maxTokens, reasoningEffort }, name) => ({
      ...defined({ temperature, topP, maxOutputTokens: maxTokens, reasoning: reasoningEffort }),
      ...(hasPreservedThinking(name) && thinkingBinding(reasoningEffort)),
    }),
    // Anthropic refuses to be forced while it thinks. The AI SDK knows that of budgets and of some models; of the
    // adaptive kind users report both, and a run that asks is better than one that is refused.
    toolRules: ({ reasoningEffort = 'none' }) => ({ canForce: reasoningEffort === 'none', needsTools: true }),
    rules: anthropicRules,
    destination: ({ reasoningEffort }) =>
      defined({
        host: new URL(baseUrl).hostname,
        thinking: reasoningEffort && (reasoningEffort === 'none' ? ('off' as const) : ('on' as const)),
      }),
  })
}

/**
 * Models with preserved thinking refuse thinking once anything before it has changed, unless told to drop it: a dispatch that
 * continues another may have another system message or other functions. With thinking turned off none is sent back.
 * Source: https://platform.claude.com/docs/en/build-with-claude/preserved-thinking/prefix-checks, read 2026-11-30.
 */
function thinkingBinding(reasoningEffort: string | undefined): AiSdkCallSettings {
  if (reasoningEffort === 'none') return {}
  const blockBinding = { prefixMismatchBehavior: 'drop_block' }
  // Spelled out as the AI SDK would have it: settings of its own replace what it makes of an effort.
  const thinking = reasoningEffort === undefined ? {} : { type: 'adaptive', display: 'summarized' }
  return { providerOptions: { anthropic: { thinking: { ...thinking, blockBinding } } } }
}

/** ANTHROPIC_BASE_URL is set without the version for Anthropic's own clients, with it for the AI SDK. */
function anthropicBaseUrl(baseUrl = 'https://api.anthropic.com'): string {
  const url = new URL(baseUrl)
  if (url.pathname === '/') url.pathname = '/v1'
  return withoutTrailingSlash(url.href)
}
