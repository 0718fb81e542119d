import { z } from 'zod'
import { createAiSdkModel } from '../ai-sdk/model.ts'
import type { Provider } from '../catalogue.ts'
import { formatModelName } from '../model-name.ts'
import { parseSettings } from '../parse-settings.ts'
import { settingFields } from '../setting-fields.ts'
import { createDemoModel } from './model.ts'

const settingsSchema = z.strictObject({
  delayMs: settingFields.wholeNumber(0, 10_000),
  words: settingFields.wholeNumber(1, 1_000_000),
  maxTokens: settingFields.wholeNumber(1, 1_000_000),
  reasoning: z
    .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })
    .optional()
    .describe('true or false'),
})

/** Has one model, `demo`. `sleep` must reject when its signal is aborted. */
export function createDemoProvider(dependencies: Parameters<typeof createDemoModel>[1]): Provider {
  return {
    id: 'demo',
    models: () => [{ id: 'demo' }],
    open(name, given) {
      if (name !== 'demo') return { kind: 'unknown-model' }
      const parsed = parseSettings(settingsSchema, { model: name, given })
      if ('kind' in parsed) return parsed
      const { maxTokens, ...settings } = parsed.values
      return createAiSdkModel({
        name: formatModelName({ name, settings: given }),
        model: createDemoModel(settings, dependencies),
        settings: maxTokens === undefined ? {} : { maxOutputTokens: maxTokens },
      })
    },
  }
}
