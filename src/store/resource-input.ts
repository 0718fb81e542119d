import { z } from 'zod'
import { inputBounds } from '../conversation/dispatch-input.ts'
import {
  abilityInput,
  abilityInputs,
  contactInput,
  ensuredContact,
  extensionBounds,
  recordInputs,
} from '../conversation/extensions-input.ts'
import { atMost, characters, meta, text } from '../conversation/input-field.ts'
import { badInput } from '../kernel/errors.ts'
import { secretTypes } from './resource.ts'

/** Bounds of what is stored, inclusive; of what dispatches may bring as well, see extensionBounds. */
export const resourceBounds = {
  recordsPerDataset: extensionBounds.records,
  /** UTF-8 bytes of a dataset's records, as JSON. */
  bytesPerDataset: extensionBounds.recordBytes,
  /** UTF-8 bytes. */
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

// Each throws BAD_USER_INPUT with the path of every field that is wrong. What is absent stays absent: an update leaves
// it as it is, and null clears it.
export const parseBotInput = parser(bot)
export const parseContactInput = parser(contactInput)
/** For a contact that is found by its fingerprint. */
export const parseEnsuredContact = parser(ensuredContact)
export const parseDatasetInput = parser(dataset)
export const parseDatasetChange = parser(datasetChange)
export const parseRecordInput = parser(z.object({ text, meta: meta.nullish() }))
export const parseSkillsetInput = parser(skillset)
export const parseSkillsetChange = parser(skillsetChange)
/** Of one ability, by itself. */
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

/** Without keys whose value is undefined, which JavaScript cannot tell from absent ones when it spreads them. */
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
    // The same keys, but for those that the type leaves out.
    return Object.fromEntries(given) as Given<z.output<Schema>>
  }
}
