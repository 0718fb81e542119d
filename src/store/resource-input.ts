import { z } from 'zod'
import { inputBounds } from '../conversation/input/dispatch-input.ts'
import {
  abilityInput,
  abilityInputs,
  contactInput,
  ensuredContact,
  extensionBounds,
  recordInputs,
} from '../conversation/input/extensions-input.ts'
import { atMost, characters, meta, text } from '../conversation/input/field.ts'
import { badInput } from '../kernel/errors.ts'
import { secretTypes } from './resource.ts'

/** Bounds of stored resources, inclusive. For what dispatches may also carry, see extensionBounds. */
export const resourceBounds = {
  recordsPerDataset: extensionBounds.records,
  /** The total size of the records of a dataset, as JSON, in UTF-8 bytes. */
  bytesPerDataset: extensionBounds.recordBytes,
  /** In UTF-8 bytes. */
  secretValue: 16_384,
} as const

const name = atMost(extensionBounds.name)
const description = atMost(extensionBounds.description)

const bot = z.object({
  name: name.nullish(),
  description: description.nullish(),
  model: characters(inputBounds.model).nullish(),
  backstory: text.nullish(),
  datasetId: z.string().nullish(),
  skillsetId: z.string().nullish(),
})

const dataset = z.object({ name: name.nullish(), description: description.nullish(), records: recordInputs })
const datasetChange = dataset.extend({ records: recordInputs.nullish() })

const skillset = z.object({ name: name.nullish(), description: description.nullish(), abilities: abilityInputs })
const skillsetChange = skillset.extend({ abilities: abilityInputs.nullish() })

const secretValue = z
  .string('takes a text: it can be replaced, not cleared')
  .min(1, 'must not be empty')
  .refine(
    (value) => Buffer.byteLength(value) <= resourceBounds.secretValue,
    `takes at most ${resourceBounds.secretValue} bytes`,
  )
const secret = z.object({
  name: characters(extensionBounds.name),
  type: z.enum(secretTypes).nullish(),
  value: secretValue,
})
const secretChange = secret.partial()

// Each parser throws BAD_USER_INPUT with the path of every wrong field. Absent fields stay absent: in an update they
// stay as they are, and null clears a field.
export const parseBotInput = parser(bot)
export const parseContactInput = parser(contactInput)
/** For a contact that is looked up by its fingerprint. */
export const parseEnsuredContact = parser(ensuredContact)
export const parseDatasetInput = parser(dataset)
export const parseDatasetChange = parser(datasetChange)
export const parseRecordInput = parser(z.object({ text, meta: meta.nullish() }))
export const parseSkillsetInput = parser(skillset)
export const parseSkillsetChange = parser(skillsetChange)
/** For a single ability. */
export const parseAbilityInput = parser(abilityInput)
export const parseAbilityChange = parser(abilityInput.partial())
export const parseSecretInput = parser(secret)
export const parseSecretChange = parser(secretChange)

export type BotInput = ReturnType<typeof parseBotInput>
export type ContactInput = ReturnType<typeof parseContactInput>
export type EnsuredContact = ReturnType<typeof parseEnsuredContact>
export type DatasetInput = ReturnType<typeof parseDatasetInput>
export type DatasetChange = ReturnType<typeof parseDatasetChange>
export type RecordInput = ReturnType<typeof parseRecordInput>
export type SkillsetInput = ReturnType<typeof parseSkillsetInput>
export type AbilityInput = SkillsetInput['abilities'][number]
export type AbilityChange = ReturnType<typeof parseAbilityChange>
export type SkillsetChange = ReturnType<typeof parseSkillsetChange>
export type SecretInput = ReturnType<typeof parseSecretInput>
export type SecretChange = ReturnType<typeof parseSecretChange>

/** Removes keys whose value is undefined, because a spread would copy them. */
type Given<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> }

function parser<Schema extends z.ZodType<object>>(schema: Schema) {
  return (input: unknown, path: readonly string[]): Given<z.output<Schema>> => {
    const result = schema.safeParse(input)
    if (!result.success) {
      throw badInput(
        result.error.issues.map((issue) => ({
          path: [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
          message: issue.message,
        })),
      )
    }
    const given = Object.entries(result.data).filter(([, value]) => value !== undefined)
    // The same keys, except those that the type omits.
    return Object.fromEntries(given) as Given<z.output<Schema>>
  }
}
