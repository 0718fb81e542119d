import { builder } from '../builder.ts'
import { RecordInput } from '../resource/resource-record.ts'
import { AbilityInput } from '../resource/skillset.ts'

const name = 'Up to 200 characters.'

const InlineDatasetInput = builder.inputType('InlineDatasetInput', {
  description:
    "Knowledge of one dispatch. Little of it stands in the model's system message; more is searched by a function.",
  fields: (t) => ({
    name: t.string({ description: name }),
    description: t.string({ description: 'What is in it, up to 2000 characters: the model reads this.' }),
    records: t.field({
      type: [RecordInput],
      required: true,
      description: 'At most 10,000, and 16,000,000 bytes of JSON in all.',
    }),
  }),
})

const InlineSkillsetInput = builder.inputType('InlineSkillsetInput', {
  description: 'Abilities of one dispatch, each a function that the model may call and the server carries out.',
  fields: (t) => ({
    name: t.string({ description: name }),
    description: t.string({ description: 'What they are for, up to 2000 characters: the model reads this.' }),
    abilities: t.field({ type: [AbilityInput], required: true, description: 'At most 100.' }),
  }),
})

const FeatureInput = builder.inputType('FeatureInput', {
  description:
    'Something that is switched on. A name or an option that there is not is refused, listing what there is.',
  fields: (t) => ({
    name: t.string({ required: true, description: "The feature's name, such as `time` or `notes`." }),
    options: t.field({ type: 'JSONObject', description: 'Its options, for those that take some.' }),
  }),
})

export const ExtensionsInput = builder.inputType('ExtensionsInput', {
  description: 'What one dispatch gives its model to know and to do.',
  fields: (t) => ({
    backstory: t.string({ description: 'The last part of the system message, up to 1,000,000 UTF-16 code units.' }),
    datasets: t.field({ type: [InlineDatasetInput], description: 'At most 20.' }),
    skillsets: t.field({ type: [InlineSkillsetInput], description: 'At most 20.' }),
    features: t.field({ type: [FeatureInput], description: 'At most 50.' }),
  }),
})

export const AttachmentInput = builder.inputType('AttachmentInput', {
  description: 'A file for the model, fetched when the run starts.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'An http:// or https:// URL, up to 4096 characters.' }),
  }),
})
