import { createOpenAI } from '@ai-sdk/openai'
import { z } from 'zod'
import { callSettingFields } from '../call-setting-fields.ts'
import type { Provider } from '../catalogue.ts'
import { defined } from '../defined.ts'
import { chatRules, responsesRules } from '../fit/openai-rules.ts'
import { isImageOrPdf } from '../media-type.ts'
import type { ModelList } from '../model-list.ts'
import type { ProviderAccess, ProviderDefinition, ProviderParts } from '../provider-access.ts'
import { bearer, withoutTrailingSlash } from '../provider-address.ts'
import { settingFields } from '../setting-fields.ts'
import { chatCompletions } from '../wire/chat-completions.ts'
import type { Hearing } from '../wire/hearing.ts'
import { responses } from '../wire/responses.ts'
import type { AiSdkCallSettings } from './model.ts'
import { type AiSdkProviderOptions, createAiSdkProvider } from './provider.ts'

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

const { temperature, topP, maxTokens } = callSettingFields

/** How much the model says. */
const verbosity = settingFields.oneOf(['low', 'medium', 'high'])

/** The responses API has no seed and no penalties. */
const responsesSchema = z.strictObject({
  temperature,
  maxTokens,
  topP,
  reasoningEffort: settingFields.oneOf(efforts),
  verbosity,
})

const chatSchema = z.strictObject({
  ...callSettingFields,
  reasoningEffort: settingFields.oneOf(efforts.filter((effort) => effort !== 'max')),
  verbosity,
})

/** OpenAI, and servers with its responses API. Both providers share the account's limits. */
export const openai: ProviderDefinition<ProviderAccess> = {
  ids: ['openai', 'openai-chat'],
  variable: 'OPENAI_API_KEY',
  open(access, parts) {
    const baseUrl = withoutTrailingSlash(access.baseUrl ?? openAiBaseUrl)
    const list = parts.listOf(`${baseUrl}/models`, bearer(access.apiKey))
    const apis = ['responses', 'chat'] as const
    return apis.map((api) => createOpenAiProvider({ ...access, baseUrl, api, list, parts }))
  },
}

interface OpenAiProviderOptions extends ProviderAccess {
  readonly baseUrl: string
  readonly parts: ProviderParts
  readonly list: ModelList
  /**
   * `responses` is the provider `openai`, which OpenAI's reasoning models are made for. `chat` is `openai-chat`, for the
   * settings that only chat completions have, and for proxies that know nothing else; it reports no reasoning.
   */
  readonly api: 'responses' | 'chat'
}

/** Names are not checked here: OpenAI serves more than it lists, and refuses the others itself. */
function createOpenAiProvider({ api, apiKey, baseUrl, parts, list }: OpenAiProviderOptions): Provider {
  const server = (fetch: Hearing['fetch']) => createOpenAI({ apiKey, fetch, baseURL: baseUrl })
  if (api === 'chat') {
    return createAiSdkProvider({
      secret: apiKey,
      id: 'openai-chat',
      schema: chatSchema,
      // The same models are listed under `openai` already.
      models: () => [],
      languageModel: (name, fetch) => server(fetch).chat(name),
      format: () => chatCompletions(),
      parts,
      takesFile: () => isImageOrPdf,
      formatOptions,
      rules: chatRules,
      callSettings: (values) => ({ ...callSettings(values), ...penalties(values) }),
    } satisfies AiSdkProviderOptions<typeof chatSchema>)
  }
  return createAiSdkProvider({
    secret: apiKey,
    id: 'openai',
    schema: responsesSchema,
    models: () => list.ids().filter((name) => !notForConversation.test(name)),
    languageModel: (name, fetch) => server(fetch).responses(name),
    format: () => responses,
    parts,
    takesFile: () => isImageOrPdf,
    formatOptions,
    rules: responsesRules,
    callSettings: (values) => {
      const { providerOptions, ...settings } = callSettings(values)
      return { ...settings, providerOptions: { openai: { ...providerOptions?.['openai'], ...unstored } } }
    },
  } satisfies AiSdkProviderOptions<typeof responsesSchema>)
}

/** It is strict by default in the AI SDK, not at OpenAI. */
const formatOptions = (isStrict: boolean) => ({ openai: { strictJsonSchema: isStrict } })

const openAiBaseUrl = 'https://api.openai.com/v1'

/** OpenAI lists everything it serves. OpenAI refuses a name that is listed wrongly; a name that is missing still works. */
const notForConversation =
  /embedding|whisper|tts|dall-e|image|audio|realtime|moderation|transcribe|sora|davinci|babbage/

/**
 * OpenAI keeps nothing; the AI SDK then asks for reasoning encrypted, and sends it back with the next request. So a
 * worker that takes over needs nothing but the log, and a conversation outlives what OpenAI would have kept.
 */
const unstored = { store: false }

type Values = Partial<z.output<typeof responsesSchema>>

/**
 * Temperature and topP are for answers without reasoning, so they ask for none unless told otherwise: the AI SDK leaves
 * them out for the reasoning models otherwise. Whoever names an effort has a reasoning model, whether or not the AI SDK
 * has heard of it.
 */
function callSettings({ temperature, topP, maxTokens, reasoningEffort, verbosity }: Values): AiSdkCallSettings {
  const options = {
    ...(reasoningEffort !== undefined && { reasoningEffort, forceReasoning: true }),
    ...(verbosity !== undefined && { textVerbosity: verbosity }),
  }
  const isSampling = temperature !== undefined || topP !== undefined
  return {
    ...defined({ temperature, topP, maxOutputTokens: maxTokens }),
    ...(reasoningEffort === undefined && isSampling && { reasoning: 'none' as const }),
    ...(Object.keys(options).length > 0 && { providerOptions: { openai: options } }),
  }
}

function penalties({ seed, frequencyPenalty, presencePenalty }: z.output<typeof chatSchema>): AiSdkCallSettings {
  return defined({ seed, frequencyPenalty, presencePenalty })
}
