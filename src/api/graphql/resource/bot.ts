import type { Bot as DomainBot } from '../../../store/resource.ts'
import { parseBotInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { Dataset } from './dataset.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps } from './resource.ts'
import { Skillset } from './skillset.ts'

export const Bot = builder.objectRef<DomainBot>('Bot').implement({
  description: 'A stored combination of model, backstory, dataset and skillset that dispatches refer to by its id.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'The name of the bot.' }),
    description: t.exposeString('description', { nullable: true, description: 'What the bot is for.' }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The model, including its settings, as it was given.',
    }),
    backstory: t.exposeString('backstory', {
      nullable: true,
      description: 'Who the model is: the start of its system message.',
    }),
    dataset: t.field({
      type: Dataset,
      nullable: true,
      description: 'What the bot knows; null when it has no dataset or the dataset has been deleted.',
      resolve: ({ datasetId }, _args, { services, principal }) =>
        datasetId === null ? null : services.resources.datasets.find(principal.account, datasetId),
    }),
    skillset: t.field({
      type: Skillset,
      nullable: true,
      description: 'What the bot can do; null when it has no skillset or the skillset has been deleted.',
      resolve: ({ skillsetId }, _args, { services, principal }) =>
        skillsetId === null ? null : services.resources.skillsets.find(principal.account, skillsetId),
    }),
  }),
})
addStamps(Bot)
addLookup('bot', Bot, ({ bots }) => bots)
addList('bot', Bot, ({ bots }) => bots)
addDelete(
  'bot',
  ({ bots }) => bots,
  'Accepted dispatches are not affected; a new dispatch that refers to it is refused.',
)

const BotInput = builder.inputType('BotInput', {
  description: 'The fields of a bot. In an update, an absent field stays as it is, and null clears it.',
  fields: (t) => ({
    name: t.string({ description: 'The name of the bot, up to 200 characters.' }),
    description: t.string({ description: 'What the bot is for, up to 2000 characters.' }),
    model: t.string({
      description:
        'The model, as `provider:name` with optional `/key=value` settings, 1 to 500 characters; the query `models` lists the names. BAD_USER_INPUT for a model that this server does not have. Default: none; the dispatch or the server decides.',
    }),
    backstory: t.string({
      description: 'Who the model is: the start of its system message, up to 1,000,000 UTF-16 code units.',
    }),
    datasetId: t.id({ description: 'The id of a stored dataset. NOT_FOUND when the account has no such dataset.' }),
    skillsetId: t.id({ description: 'The id of a stored skillset. NOT_FOUND when the account has no such skillset.' }),
  }),
})

builder.mutationFields((t) => ({
  createBot: t.field({
    type: Bot,
    description: 'Creates a bot. Calling it twice creates two bots.',
    args: { input: t.arg({ type: BotInput, required: true, description: 'The fields of the new bot.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.bots.create(principal.account, parseBotInput(input, ['input'])),
  }),
  updateBot: t.field({
    type: Bot,
    description:
      'Changes a bot: an absent field stays as it is, null clears it. Accepted dispatches are not affected. NOT_FOUND when the account has no such bot.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the bot.' }),
      input: t.arg({ type: BotInput, required: true, description: 'The fields to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.bots.update(principal.account, id, parseBotInput(input, ['input'])),
  }),
}))
