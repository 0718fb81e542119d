import { z } from '@hono/zod-openapi'
import { badInput } from '../../../kernel/errors.ts'
import { metaField } from '../stream/wire-field.ts'

const named = { name: z.string().nullish(), description: z.string().nullish() }

const ability = z.object({
  name: z.string(),
  description: z.string(),
  instruction: z.string(),
  secretId: z.string().nullish(),
  linkedSecretId: z.string().nullish().openapi({ description: 'An alias of `secretId`.' }),
  meta: metaField,
})

export const extensionsField = z
  .object({
    backstory: z.string().nullish(),
    datasets: z
      .array(z.object({ ...named, records: z.array(z.object({ text: z.string(), meta: metaField })) }))
      .nullish(),
    skillsets: z.array(z.object({ ...named, abilities: z.array(ability) })).nullish(),
    features: z.array(z.object({ name: z.string(), options: z.record(z.string(), z.unknown()).nullish() })).nullish(),
  })
  .nullish()

export function inputExtensions(extensions: z.output<typeof extensionsField>) {
  if (extensions == null) return null
  return {
    ...extensions,
    skillsets: extensions.skillsets?.map(({ abilities, ...skillset }, place) => ({
      ...skillset,
      abilities: abilities.map((each, index) => linked(each, ['extensions', 'skillsets', place, 'abilities', index])),
    })),
  }
}

interface Linked {
  readonly secretId?: string | null | undefined
  readonly linkedSecretId?: string | null | undefined
}

/** Folds the alias `linkedSecretId` into `secretId`. BAD_USER_INPUT if both are given and differ. */
export function linked<Fields extends Linked>(
  { linkedSecretId, ...rest }: Fields,
  path: readonly (string | number)[] = [],
) {
  if (linkedSecretId === undefined) return rest
  if (rest.secretId != null && rest.secretId !== linkedSecretId) {
    throw badInput([{ path: [...path, 'linkedSecretId'], message: 'is another secret than secretId' }])
  }
  return { ...rest, secretId: linkedSecretId }
}
