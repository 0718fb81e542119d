import { settingFields } from './setting-fields.ts'

/** The settings that providers have in common. `maxTokens` is about the answer, reasoning included. */
export const callSettingFields = {
  temperature: settingFields.decimal(0, 2),
  maxTokens: settingFields.wholeNumber(1, 10_000_000),
  topP: settingFields.decimal(0, 1),
  seed: settingFields.wholeNumber(0, Number.MAX_SAFE_INTEGER),
  frequencyPenalty: settingFields.decimal(-2, 2),
  presencePenalty: settingFields.decimal(-2, 2),
}
