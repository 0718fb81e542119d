import { z } from 'zod'
import { recordBytes } from '../dataset.ts'
import { atMost, characters, counted, meta, orNull, text } from './field.ts'

/** The bounds, inclusive, of a dispatch's extensions and of stored resources. */
export const extensionBounds = {
  name: 200,
  /** Characters of a fingerprint, an e-mail address, a telephone number, a nickname. */
  detail: 200,
  description: 2000,
  datasets: 20,
  records: 10_000,
  /** UTF-8 bytes of a dataset's records, as JSON. */
  recordBytes: 16_000_000,
  skillsets: 20,
  abilities: 100,
  features: 50,
} as const

const name = atMost(extensionBounds.name)
const description = atMost(extensionBounds.description)
const detail = atMost(extensionBounds.detail)

/** The records of a dataset, counted before any is checked. */
export const recordInputs = counted(extensionBounds.records, 'records')
  .pipe(z.array(z.object({ text, meta: orNull(meta) })))
  // Unlike a refinement, a transform does not run on invalid input.
  .transform((all, context) => {
    if (all.reduce((sum, record) => sum + recordBytes(record), 0) > extensionBounds.recordBytes) {
      context.addIssue({ code: 'custom', message: `takes at most ${extensionBounds.recordBytes} bytes in all` })
    }
    return all
  })

/** A single ability. Absent fields stay absent, so that an update leaves them unchanged. */
export const abilityInput = z.object({
  name: characters(extensionBounds.name),
  description,
  instruction: text,
  secretId: z.string().nullish(),
  needsApproval: z.boolean().nullish(),
  meta: meta.nullish(),
})

export const abilityInputs = counted(extensionBounds.abilities, 'abilities').pipe(
  z.array(abilityInput.extend({ secretId: orNull(z.string()), meta: orNull(meta) })),
)

/** A contact. Absent fields stay absent, so that an update leaves them unchanged. */
export const contactInput = z.object({
  fingerprint: characters(extensionBounds.detail).nullish(),
  name: name.nullish(),
  description: description.nullish(),
  email: detail.nullish(),
  phone: detail.nullish(),
  nick: detail.nullish(),
  meta: meta.nullish(),
})

/** A contact that is found by its fingerprint, or created. */
export const ensuredContact = contactInput.extend({ fingerprint: characters(extensionBounds.detail) })

/** A dispatch's contact. Null and absent mean the same. */
export const dispatchContact = z.object({
  fingerprint: characters(extensionBounds.detail),
  name: orNull(name),
  description: orNull(description),
  email: orNull(detail),
  phone: orNull(detail),
  nick: orNull(detail),
  meta: orNull(meta),
})

const named = { name: orNull(name), description: orNull(description) }

/** A dispatch's own knowledge and abilities. */
export const extensionsInput = z
  .object({
    backstory: orNull(text),
    datasets: orNone(
      counted(extensionBounds.datasets, 'datasets').pipe(z.array(z.object({ ...named, records: recordInputs }))),
    ),
    skillsets: orNone(
      counted(extensionBounds.skillsets, 'skillsets').pipe(z.array(z.object({ ...named, abilities: abilityInputs }))),
    ),
    features: orNone(
      counted(extensionBounds.features, 'features').pipe(
        z.array(z.object({ name: z.string(), options: orNull(meta) })),
      ),
    ),
  })
  .nullish()
  .transform((extensions) => extensions ?? { backstory: null, datasets: [], skillsets: [], features: [] })

function orNone<Item>(schema: z.ZodType<Item[]>) {
  return schema.nullish().transform((items) => items ?? [])
}
