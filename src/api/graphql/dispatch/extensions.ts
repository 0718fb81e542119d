import { builder } from '../builder.ts'
import { RecordInput } from '../resource/resource-record.ts'
import { AbilityInput } from '../resource/skillset.ts'

const name = 'The name, up to 200 characters. The model reads it.'

const InlineDatasetInput = builder.inputType('InlineDatasetInput', {
  description:
    'Knowledge for one dispatch. Datasets of up to about 2,000 tokens each, 4,000 in total, become part of the system message; for the others the model gets a search function.',
  fields: (t) => ({
    name: t.string({ description: name }),
    description: t.string({ description: 'What the dataset contains, up to 2000 characters. The model reads it.' }),
    records: t.field({
      type: [RecordInput],
      required: true,
      description: 'The records, at most 10,000, and at most 16,000,000 bytes as JSON in total.',
    }),
  }),
})

const InlineSkillsetInput = builder.inputType('InlineSkillsetInput', {
  description: 'Abilities for one dispatch. Each becomes a function that the model may call and the server executes.',
  fields: (t) => ({
    name: t.string({ description: name }),
    description: t.string({ description: 'What the abilities are for, up to 2000 characters. The model reads it.' }),
    abilities: t.field({ type: [AbilityInput], required: true, description: 'The abilities, at most 100.' }),
  }),
})

const FeatureInput = builder.inputType('FeatureInput', {
  description:
    'A feature to switch on for one dispatch. An unknown name or option is a BAD_USER_INPUT that lists the known ones.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'The name of the feature, such as `time` or `notes`. Each name may appear once.',
    }),
    options: t.field({ type: 'JSONObject', description: 'The options of the feature, if it has any.' }),
  }),
})

export const ExtensionsInput = builder.inputType('ExtensionsInput', {
  description: 'Knowledge and abilities that a dispatch gives its model, in addition to those of the bot.',
  fields: (t) => ({
    backstory: t.string({ description: 'Text for the end of the system message, up to 1,000,000 UTF-16 code units.' }),
    datasets: t.field({ type: [InlineDatasetInput], description: 'The datasets, at most 20.' }),
    skillsets: t.field({ type: [InlineSkillsetInput], description: 'The skillsets, at most 20.' }),
    features: t.field({ type: [FeatureInput], description: 'The features to switch on, at most 50.' }),
  }),
})

export const AttachmentInput = builder.inputType('AttachmentInput', {
  description:
    'A file for the model. The run fetches it when it starts: at most 8 MB each, and 20 MB of images and PDFs in total. ' +
    'A file that cannot be fetched, is not what its server calls it, or is too large for the model is left out: the model is told, and the run goes on.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'The http:// or https:// URL of the file, up to 4096 characters.' }),
  }),
})
