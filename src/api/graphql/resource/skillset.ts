import type { Ability as DomainAbility, Skillset as DomainSkillset } from '../../../store/resource.ts'
import { parseSkillsetChange, parseSkillsetInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps } from './resource.ts'

const Ability = builder.objectRef<DomainAbility>('Ability').implement({
  description: 'A function that a model can call and the server executes.',
  fields: (t) => ({
    id: t.id({
      description:
        'A globally unique id, minted by this server. Replacing the abilities of the skillset gives each a new id.',
      resolve: ({ id }) => id,
    }),
    name: t.exposeString('name', { description: 'The name of the ability.' }),
    description: t.exposeString('description', { description: 'When to use the ability. The model reads it.' }),
    instruction: t.exposeString('instruction', { description: 'What the server does, and with which parameters.' }),
    secretId: t.id({
      nullable: true,
      description: 'The id of the secret that `${SECRET_DEFAULT}` stands for. The secret may have been deleted.',
      resolve: ({ secretId }) => secretId,
    }),
    needsApproval: t.boolean({
      description:
        'Whether each call waits until somebody approves it: `submitFunctionResult` with the data `{ "approved": true }`.',
      resolve: ({ needsApproval }) => needsApproval === true,
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
  description: 'A stored set of abilities that a model can use.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'The name of the skillset.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What the skillset is for. The model reads it.',
    }),
    abilities: t.field({
      type: [Ability],
      description: 'The abilities, in the order in which they were given.',
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
  'Bots that refer to it no longer have a skillset, and a new dispatch that uses such a bot or names the skillset is refused.',
)

export const AbilityInput = builder.inputType('AbilityInput', {
  description: 'A function that a model can call and the server executes.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name, 1 to 200 characters.' }),
    description: t.string({
      required: true,
      description: 'When to use the ability, up to 2000 characters. The model reads it.',
    }),
    instruction: t.string({
      required: true,
      description: 'What the server does, and with which parameters, up to 1,000,000 UTF-16 code units.',
    }),
    secretId: t.id({
      description:
        'The id of the secret that `${SECRET_DEFAULT}` stands for. NOT_FOUND when the account has no such secret.',
    }),
    needsApproval: t.boolean({
      description:
        'Whether each call waits, up to 7 days, until somebody approves it: `submitFunctionResult` with the data `{ "approved": true }`. Any other answer, such as `{ "approved": false, "reason": … }`, denies it, and the model reads why. Default: false.',
    }),
    meta: t.field({
      type: 'JSONObject',
      description: "The caller's own data, kept as it is; at most 100 levels deep.",
    }),
  }),
})

const nameDescription = 'The name of the skillset, up to 200 characters.'
const descriptionDescription = 'What the skillset is for, up to 2000 characters. The model reads it.'

const SkillsetInput = builder.inputType('SkillsetInput', {
  description: 'A skillset and its abilities.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    abilities: t.field({ type: [AbilityInput], required: true, description: 'The abilities, at most 100.' }),
  }),
})

const UpdateSkillsetInput = builder.inputType('UpdateSkillsetInput', {
  description: 'The changes to a skillset: an absent field stays as it is, null clears it.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    abilities: t.field({
      type: [AbilityInput],
      description: 'The abilities that replace all existing ones, at most 100; they get new ids.',
    }),
  }),
})

builder.mutationFields((t) => ({
  createSkillset: t.field({
    type: Skillset,
    description: 'Creates a skillset. Calling it twice creates two skillsets.',
    args: {
      input: t.arg({
        type: SkillsetInput,
        required: true,
        description: 'The fields and the abilities of the new skillset.',
      }),
    },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.skillsets.create(principal.account, parseSkillsetInput(input, ['input'])),
  }),
  updateSkillset: t.field({
    type: Skillset,
    description:
      'Changes a skillset: an absent field stays as it is, null clears it. Accepted dispatches are not affected. NOT_FOUND when the account has no such skillset.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the skillset.' }),
      input: t.arg({ type: UpdateSkillsetInput, required: true, description: 'The fields to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.skillsets.update(principal.account, id, parseSkillsetChange(input, ['input'])),
  }),
}))
