import { settingFields } from './setting-fields.ts'

/** The settings that providers share. `maxTokens` limits the answer, including its reasoning. */
export const callSettingFields = {
  temperature: settingFields.decimal(0, 2),
  maxTokens: settingFields.wholeNumber(1, 10_000_000),
  topP: settingFields.decimal(0, 1),
  seed: settingFields.wholeNumber(0, Number.MAX_SAFE_INTEGER),
  frequencyPenalty: settingFields.decimal(-2, 2),
  presencePenalty: settingFields.decimal(-2, 2),
}
