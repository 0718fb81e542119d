import { z } from '@hono/zod-openapi'
import type { AccountId } from '../../../kernel/ids.ts'
import { notFound } from '../../../store/collection.ts'
import type { Ability } from '../../../store/resource.ts'
import { parseAbilityChange, parseAbilityInput } from '../../../store/resource-input.ts'
import type { Skillsets } from '../../../store/skillsets.ts'
import { linked } from '../conversation/extensions-body.ts'
import { metaField } from '../stream/wire-field.ts'
import type { CrudResource } from './crud.ts'
import { metaView, optionalText, textField } from './resource-view.ts'

const body = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    instruction: z.string(),
    secretId: optionalText,
    linkedSecretId: optionalText.openapi({ description: 'An alias of `secretId`.' }),
    meta: metaField,
  })
  .openapi('AbilityInput')
const change = body.partial().openapi('AbilityChange')

const view = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    instruction: z.string(),
    secretId: textField,
    linkedSecretId: textField,
    meta: metaView,
  })
  .openapi('Ability')

function viewOf({ id, name, description, instruction, secretId, meta }: Ability) {
  return {
    id,
    name,
    description,
    instruction,
    ...(secretId !== null && { secretId, linkedSecretId: secretId }),
    ...(meta !== null && { meta: { ...meta } }),
  }
}

/** The abilities of a skillset, in the order in which they were given. */
export function abilityCrud(skillsets: Skillsets): CrudResource<typeof body, typeof change, typeof view> {
  const { abilities } = skillsets
  const all = async (account: AccountId, skillset: string) => {
    const found = await skillsets.find(account, skillset)
    if (found === null) throw notFound('skillset')
    return found.abilities
  }
  return {
    noun: 'ability',
    within: 'skillset',
    order: 'asc',
    createBody: body,
    updateBody: change,
    view,
    create: ({ account, parent }, given) => abilities.create(account, parent, parseAbilityInput(linked(given), [])),
    update: ({ account, parent }, id, given) =>
      abilities.update(account, { skillset: parent, id }, parseAbilityChange(linked(given), [])),
    async find({ account, parent }, id) {
      const found = (await all(account, parent)).find((ability) => ability.id === id)
      return found === undefined ? null : viewOf(found)
    },
    async page({ account, parent }, from, limit) {
      const every = await all(account, parent)
      const end = (from ?? 0) + limit
      return { items: every.slice(from ?? 0, end).map(viewOf), next: end < every.length ? end : null }
    },
    remove: ({ account, parent }, id) => abilities.remove(account, { skillset: parent, id }),
  }
}
