import { z } from '@hono/zod-openapi'
import type { Bots } from '../../../store/bots.ts'
import { parseBotInput } from '../../../store/resource-input.ts'
import { modelText } from '../stream/model-text.ts'
import { ignoredField, modelField } from '../stream/wire-field.ts'
import type { CrudResource } from './crud.ts'
import { optionalText, pageOf, stampFields, textField, told } from './resource-view.ts'

const body = z
  .strictObject({
    name: optionalText,
    description: optionalText,
    model: modelField,
    backstory: optionalText,
    datasetId: optionalText,
    skillsetId: optionalText,
    privacy: ignoredField,
    moderation: ignoredField,
    visibility: ignoredField,
  })
  .openapi('BotInput')

const view = z
  .object({
    ...stampFields,
    name: textField,
    description: textField,
    model: textField,
    backstory: textField,
    datasetId: textField,
    skillsetId: textField,
  })
  .openapi('Bot')

function inputOf({ model, ...rest }: z.output<typeof body>) {
  return parseBotInput({ ...rest, ...(model !== undefined && { model: modelText(model) }) }, [])
}

export function botCrud(bots: Bots): CrudResource<typeof body, typeof body, typeof view> {
  return {
    noun: 'bot',
    within: null,
    order: 'desc',
    createBody: body,
    updateBody: body,
    view,
    create: ({ account }, given) => bots.create(account, inputOf(given)),
    update: ({ account }, id, given) => bots.update(account, id, inputOf(given)),
    async find({ account }, id) {
      const bot = await bots.find(account, id)
      return bot === null ? null : told(bot)
    },
    page: async ({ account }, from, limit) => pageOf(await bots.page(account, from, limit), told),
    remove: ({ account }, id) => bots.remove(account, id),
  }
}
