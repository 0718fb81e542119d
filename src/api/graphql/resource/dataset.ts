import type { Dataset as DomainDataset } from '../../../store/resource.ts'
import { parseDatasetChange, parseDatasetInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps, pageComplexity, placedPage } from './resource.ts'
import { RecordConnection, RecordInput } from './resource-record.ts'

export const Dataset = builder.objectRef<DomainDataset>('Dataset').implement({
  description: 'What a model can look things up in.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What it is called.' }),
    description: t.exposeString('description', { nullable: true, description: 'What is in it: the model reads this.' }),
    records: t.field({
      type: RecordConnection,
      description: 'What is in it, in the order in which it was given.',
      complexity: pageComplexity,
      args: {
        first: t.arg.int({ description: 'How many at most, 1 to 100. Default 20.' }),
        after: t.arg.string({ description: "Go on behind this edge's cursor." }),
      },
      resolve: ({ id }, args, { services, principal }) =>
        placedPage(args, (after, limit) =>
          services.resources.datasets.records.page(principal.account, id, { after, limit }),
        ),
    }),
  }),
})
addStamps(Dataset)
addLookup('dataset', Dataset, ({ datasets }) => datasets)
addList('dataset', Dataset, ({ datasets }) => datasets)
addDelete(
  'dataset',
  ({ datasets }) => datasets,
  'Its records go with it. Bots that refer to it have none; later dispatches that name it fail.',
)

const nameDescription = 'Up to 200 characters.'
const descriptionDescription = 'What is in it, up to 2000 characters.'
const recordsDescription = 'At most 10,000, and 16,000,000 bytes of JSON in all.'

const DatasetInput = builder.inputType('DatasetInput', {
  description: 'A dataset with its records.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    records: t.field({ type: [RecordInput], required: true, description: recordsDescription }),
  }),
})

const UpdateDatasetInput = builder.inputType('UpdateDatasetInput', {
  description: 'What to change of a dataset: a field left out stays as it is, null clears it.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    records: t.field({
      type: [RecordInput],
      description: `When given, they replace all that there are, under new ids. ${recordsDescription}`,
    }),
  }),
})

builder.mutationFields((t) => ({
  createDataset: t.field({
    type: Dataset,
    description: 'Creates a dataset.',
    args: { input: t.arg({ type: DatasetInput, required: true, description: 'What it is, and what is in it.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.datasets.create(principal.account, parseDatasetInput(input, ['input'])),
  }),
  updateDataset: t.field({
    type: Dataset,
    description: 'Changes a dataset, in one step: a field left out stays as it is, null clears it.',
    args: {
      id: t.arg.id({ required: true, description: "The dataset's id." }),
      input: t.arg({ type: UpdateDatasetInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.datasets.update(principal.account, id, parseDatasetChange(input, ['input'])),
  }),
}))
