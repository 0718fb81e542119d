import { z } from '@hono/zod-openapi'
import type { Skillset } from '../../../store/resource.ts'
import { parseSkillsetChange, parseSkillsetInput } from '../../../store/resource-input.ts'
import type { Skillsets } from '../../../store/skillsets.ts'
import { ignoredField } from '../stream/wire-field.ts'
import type { CrudResource } from './crud.ts'
import { optionalText, pageOf, stampFields, textField, told } from './resource-view.ts'

const body = z
  .strictObject({ name: optionalText, description: optionalText, visibility: ignoredField })
  .openapi('SkillsetInput')

const view = z.object({ ...stampFields, name: textField, description: textField }).openapi('Skillset')

/** Skillsets without their abilities, which have their own endpoints. */
export function skillsetCrud(skillsets: Skillsets): CrudResource<typeof body, typeof body, typeof view> {
  const viewOf = ({ abilities: _abilities, ...skillset }: Skillset) => told(skillset)
  return {
    noun: 'skillset',
    within: null,
    order: 'desc',
    createBody: body,
    updateBody: body,
    view,
    create: ({ account }, given) => skillsets.create(account, parseSkillsetInput({ ...given, abilities: [] }, [])),
    update: ({ account }, id, given) => skillsets.update(account, id, parseSkillsetChange(given, [])),
    async find({ account }, id) {
      const skillset = await skillsets.find(account, id)
      return skillset === null ? null : viewOf(skillset)
    },
    page: async ({ account }, from, limit) => pageOf(await skillsets.page(account, from, limit), viewOf),
    remove: ({ account }, id) => skillsets.remove(account, id),
  }
}
