import type { Ability as DomainAbility, Skillset as DomainSkillset } from '../../../store/resource.ts'
import { parseSkillsetChange, parseSkillsetInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps } from './resource.ts'

const Ability = builder.objectRef<DomainAbility>('Ability').implement({
  description: 'Something that a model can have done: a function that the server carries out.',
  fields: (t) => ({
    id: t.id({
      description: "Minted, and globally unique; another one whenever the skillset's abilities are replaced.",
      resolve: ({ id }) => id,
    }),
    name: t.exposeString('name', { description: 'What it is called.' }),
    description: t.exposeString('description', { description: 'When to use it: the model reads this.' }),
    instruction: t.exposeString('instruction', { description: 'What is done, and with which parameters.' }),
    secretId: t.id({
      nullable: true,
      description: 'The secret that it uses as SECRET_DEFAULT; it may have been deleted since.',
      resolve: ({ secretId }) => secretId,
    }),
    meta: t.field({
      type: 'JSONObject',
      nullable: true,
      description: "The caller's own data.",
      resolve: ({ meta }) => meta,
    }),
  }),
})

export const Skillset = builder.objectRef<DomainSkillset>('Skillset').implement({
  description: 'What a model can have done.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What it is called.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    abilities: t.field({
      type: [Ability],
      description: 'In the order in which they were given.',
      resolve: ({ abilities }) => [...abilities],
    }),
  }),
})
addStamps(Skillset)
addLookup('skillset', Skillset, ({ skillsets }) => skillsets)
addList('skillset', Skillset, ({ skillsets }) => skillsets)
addDelete(
  'skillset',
  ({ skillsets }) => skillsets,
  'Bots that refer to it have none; later dispatches that name it fail.',
)

export const AbilityInput = builder.inputType('AbilityInput', {
  description: 'Something that a model can have done.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 200 characters.' }),
    description: t.string({ required: true, description: 'When to use it, up to 2000 characters.' }),
    instruction: t.string({
      required: true,
      description: 'What is done, and with which parameters; up to 1,000,000 UTF-16 code units.',
    }),
    secretId: t.id({
      description: 'The secret that `SECRET_DEFAULT` stands for; NOT_FOUND where the account has none by that id.',
    }),
    meta: t.field({ type: 'JSONObject', description: "The caller's own data, kept; at most 100 levels deep." }),
  }),
})

const nameDescription = 'Up to 200 characters.'
const descriptionDescription = 'Up to 2000 characters.'

const SkillsetInput = builder.inputType('SkillsetInput', {
  description: 'A skillset with its abilities.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    abilities: t.field({ type: [AbilityInput], required: true, description: 'At most 100.' }),
  }),
})

const UpdateSkillsetInput = builder.inputType('UpdateSkillsetInput', {
  description: 'What to change of a skillset: a field left out stays as it is, null clears it.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    abilities: t.field({
      type: [AbilityInput],
      description: 'When given, they replace all that there are, under new ids. At most 100.',
    }),
  }),
})

builder.mutationFields((t) => ({
  createSkillset: t.field({
    type: Skillset,
    description: 'Creates a skillset.',
    args: { input: t.arg({ type: SkillsetInput, required: true, description: 'What it is.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.skillsets.create(principal.account, parseSkillsetInput(input, ['input'])),
  }),
  updateSkillset: t.field({
    type: Skillset,
    description: 'Changes a skillset: a field left out stays as it is, null clears it.',
    args: {
      id: t.arg.id({ required: true, description: "The skillset's id." }),
      input: t.arg({ type: UpdateSkillsetInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.skillsets.update(principal.account, id, parseSkillsetChange(input, ['input'])),
  }),
}))
