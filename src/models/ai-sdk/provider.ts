import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { z } from 'zod'
import type { Provider } from '../catalogue.ts'
import type { Destination } from '../fit/destination.ts'
import { fitModel } from '../fit/fit-model.ts'
import type { ProviderRules } from '../fit/provider-rules.ts'
import type { Model } from '../model.ts'
import { formatModelName } from '../model-name.ts'
import { parseSettings } from '../parse-settings.ts'
import type { ProviderParts } from '../provider-access.ts'
import type { WireFormat } from '../wire/format.ts'
import { createHearing, type Hearing } from '../wire/hearing.ts'
import { type AiSdkCallSettings, createAiSdkModel, type FormatOptions } from './model.ts'
import type { ToolRules } from './tools.ts'

export interface AiSdkProviderOptions<Schema extends z.ZodObject> {
  readonly id: string
  readonly secret: string | undefined
  /** The settings that may follow the name, by the names of `callSettingFields`. */
  readonly schema: Schema
  readonly models: () => readonly string[]
  /** False: this provider does not serve the model. Default: only the provider itself can tell. */
  readonly knows?: (name: string) => boolean
  readonly languageModel: (name: string, fetch: Hearing['fetch']) => LanguageModelV4
  /** The protocol that it speaks. */
  readonly format: (values: z.output<Schema>) => WireFormat
  readonly parts: ProviderParts
  readonly callSettings: (values: z.output<Schema>, name: string) => AiSdkCallSettings
  /** Default: none. */
  readonly takesFile?: (values: z.output<Schema>) => NonNullable<Model['takesFile']>
  /** Default: it holds no answer to a form. */
  readonly formatOptions?: FormatOptions
  /** What it takes as conversation and functions. */
  readonly rules: ProviderRules
  readonly toolRules?: (values: z.output<Schema>) => ToolRules
  /** What rules for prompts depend on besides the provider and the model's name. */
  readonly destination?: (values: z.output<Schema>) => Pick<Destination, 'host' | 'thinking'>
}

/** The AI SDK's names of the settings that it leaves out, with a warning, for models that it knows not to take them. */
const insistedNames: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  topP: 'topP',
  seed: 'seed',
  frequencyPenalty: 'frequencyPenalty',
  presencePenalty: 'presencePenalty',
  reasoning: 'reasoningEffort',
  reasoningEffort: 'reasoningEffort',
}

/** The part that all providers have in common: names, settings, and the call through the AI SDK. */
export function createAiSdkProvider<Schema extends z.ZodObject>(options: AiSdkProviderOptions<Schema>): Provider {
  const { id, secret, schema, models, knows, languageModel, format, parts, callSettings, takesFile, toolRules } =
    options
  const { destination, formatOptions, rules } = options
  return {
    id,
    models: () => models().map((name) => ({ id: name })),
    open(name, given) {
      if (knows?.(name) === false) return { kind: 'unknown-model' }
      const parsed = parseSettings(schema, { model: formatModelName({ provider: id, name, settings: {} }), given })
      if ('kind' in parsed) return parsed
      const asked = Object.entries(parsed.values).filter(([, value]) => value !== undefined)
      const keys = asked.map(([key]) => key)
      const model = createAiSdkModel({
        name: formatModelName({
          provider: id,
          name,
          settings: Object.fromEntries(asked.map(([key, value]) => [key, String(value)])),
        }),
        model: () => {
          const { fetch, heard } = createHearing({ ...parts, format: format(parsed.values), secret })
          return { model: languageModel(name, fetch), heard }
        },
        settings: callSettings(parsed.values, name),
        insisted: Object.fromEntries(Object.entries(insistedNames).filter(([, key]) => keys.includes(key))),
        ...(toolRules !== undefined && { toolRules: toolRules(parsed.values) }),
        ...(takesFile !== undefined && { takesFile: takesFile(parsed.values) }),
        formatOptions,
        secret,
      })
      return fitModel(model, { provider: id, model: name, ...destination?.(parsed.values) }, rules)
    },
  }
}
