import type { Bot as DomainBot } from '../../../store/resource.ts'
import { parseBotInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { Dataset } from './dataset.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps } from './resource.ts'
import { Skillset } from './skillset.ts'

export const Bot = builder.objectRef<DomainBot>('Bot').implement({
  description: 'A model with a backstory, a dataset and a skillset, for dispatches to name.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What it is called.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    model: t.exposeString('model', { nullable: true, description: 'The model, settings included, as it was given.' }),
    backstory: t.exposeString('backstory', { nullable: true, description: 'Who the model is: its system message.' }),
    dataset: t.field({
      type: Dataset,
      nullable: true,
      description: 'What it knows; null also when the dataset has been deleted.',
      resolve: ({ datasetId }, _args, { services, principal }) =>
        datasetId === null ? null : services.resources.datasets.find(principal.account, datasetId),
    }),
    skillset: t.field({
      type: Skillset,
      nullable: true,
      description: 'What it can do; null also when the skillset has been deleted.',
      resolve: ({ skillsetId }, _args, { services, principal }) =>
        skillsetId === null ? null : services.resources.skillsets.find(principal.account, skillsetId),
    }),
  }),
})
addStamps(Bot)
addLookup('bot', Bot, ({ bots }) => bots)
addList('bot', Bot, ({ bots }) => bots)
addDelete('bot', ({ bots }) => bots, 'Dispatches that run go on as they were accepted; later ones that name it fail.')

const BotInput = builder.inputType('BotInput', {
  description: 'What a bot is. In an update, a field left out stays as it is, and null clears it.',
  fields: (t) => ({
    name: t.string({ description: 'Up to 200 characters.' }),
    description: t.string({ description: 'Up to 2000 characters.' }),
    model: t.string({ description: '`provider:name` with optional `/key=value` settings, of this server’s `models`.' }),
    backstory: t.string({ description: 'Up to 1,000,000 UTF-16 code units.' }),
    datasetId: t.id({ description: 'A dataset of the account; NOT_FOUND where there is none.' }),
    skillsetId: t.id({ description: 'A skillset of the account; NOT_FOUND where there is none.' }),
  }),
})

builder.mutationFields((t) => ({
  createBot: t.field({
    type: Bot,
    description: 'Creates a bot.',
    args: { input: t.arg({ type: BotInput, required: true, description: 'What it is.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.bots.create(principal.account, parseBotInput(input, ['input'])),
  }),
  updateBot: t.field({
    type: Bot,
    description:
      'Changes a bot: a field left out stays as it is, null clears it. Dispatches that have been accepted stay as they are.',
    args: {
      id: t.arg.id({ required: true, description: "The bot's id." }),
      input: t.arg({ type: BotInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.bots.update(principal.account, id, parseBotInput(input, ['input'])),
  }),
}))
