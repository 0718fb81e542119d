import { z } from '@hono/zod-openapi'
import { type Secret, secretTypes } from '../../../store/resource.ts'
import { parseSecretChange, parseSecretInput } from '../../../store/resource-input.ts'
import type { Secrets } from '../../../store/secrets.ts'
import { ignoredField } from '../stream/wire-field.ts'
import type { CrudResource } from './crud.ts'
import { pageOf, stampFields } from './resource-view.ts'

const body = z
  .strictObject({
    name: z.string(),
    type: z.enum(secretTypes).nullish(),
    kind: z.literal('shared').optional(),
    value: z.string().openapi({ description: 'Stored encrypted and never read back.' }),
    visibility: ignoredField,
  })
  .openapi('SecretInput')
const change = body.partial().openapi('SecretChange')

const view = z
  .object({ ...stampFields, name: z.string(), type: z.enum(secretTypes), kind: z.literal('shared') })
  .openapi('Secret')

function viewOf({ id, name, type, createdAt, updatedAt }: Secret): z.output<typeof view> {
  return { id, name, type, kind: 'shared', createdAt, updatedAt }
}

export function secretCrud(secrets: Secrets): CrudResource<typeof body, typeof change, typeof view> {
  return {
    noun: 'secret',
    within: null,
    order: 'desc',
    createBody: body,
    updateBody: change,
    view,
    create: ({ account }, given) => secrets.create(account, parseSecretInput(given, [])),
    update: ({ account }, id, given) => secrets.update(account, id, parseSecretChange(given, [])),
    async find({ account }, id) {
      const secret = await secrets.find(account, id)
      return secret === null ? null : viewOf(secret)
    },
    page: async ({ account }, from, limit) => pageOf(await secrets.page(account, from, limit), viewOf),
    remove: ({ account }, id) => secrets.remove(account, id),
  }
}
