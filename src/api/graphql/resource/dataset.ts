import { badInput } from '../../../kernel/errors.ts'
import type { Dataset as DomainDataset } from '../../../store/resource.ts'
import { parseDatasetChange, parseDatasetInput } from '../../../store/resource-input.ts'
import { type FoundRecord, searchDataset } from '../../search-dataset.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps, pageComplexity, placedPage } from './resource.ts'
import { RecordConnection, RecordInput, RecordType } from './resource-record.ts'

const RecordMatch = builder.objectRef<FoundRecord>('RecordMatch').implement({
  description: 'A record that a search has found.',
  fields: (t) => ({
    record: t.field({ type: RecordType, description: 'The record.', resolve: ({ record }) => record }),
    text: t.exposeString('text', { description: 'The passage that matches: of a short record, its whole text.' }),
    score: t.exposeFloat('score', {
      description: 'How well it matches. Scores are comparable within one answer only.',
    }),
  }),
})

export const Dataset = builder.objectRef<DomainDataset>('Dataset').implement({
  description: 'A stored collection of records that a model can look things up in.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'The name of the dataset.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What the dataset contains. The model reads it.',
    }),
    search: t.field({
      type: [RecordMatch],
      description:
        'What a model gets that looks this up: the passages that match, the best first. BAD_USER_INPUT without a word to look for.',
      // Reads the whole dataset.
      complexity: { field: 3000, multiplier: 10 },
      args: {
        query: t.arg.string({ required: true, description: 'The words to look for, up to 10,000 UTF-16 code units.' }),
      },
      resolve: ({ id }, { query }, { services, principal }) => {
        if (query.length > 10_000)
          throw badInput([{ path: ['query'], message: 'takes up to 10,000 UTF-16 code units' }])
        const { resources, searchRecords } = services
        const { account } = principal
        return searchDataset(resources.datasets.records, searchRecords, { account, dataset: id, query })
      },
    }),
    records: t.field({
      type: RecordConnection,
      description: 'The records, in the order in which they were added.',
      complexity: pageComplexity,
      args: {
        first: t.arg.int({ description: 'The size of the page, 1 to 100. Default: 20.' }),
        after: t.arg.string({ description: 'Continue after the edge with this cursor. Default: from the beginning.' }),
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
  'This deletes its records too. Bots that refer to it no longer have a dataset, and a new dispatch that uses such a bot or names the dataset is refused.',
)

const nameDescription = 'The name of the dataset, up to 200 characters.'
const descriptionDescription = 'What the dataset contains, up to 2000 characters. The model reads it.'
const recordsDescription = 'At most 10,000, and at most 16,000,000 bytes as JSON in total.'

const DatasetInput = builder.inputType('DatasetInput', {
  description: 'A dataset and its records.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    records: t.field({ type: [RecordInput], required: true, description: `The records. ${recordsDescription}` }),
  }),
})

const UpdateDatasetInput = builder.inputType('UpdateDatasetInput', {
  description: 'The changes to a dataset: an absent field stays as it is, null clears it.',
  fields: (t) => ({
    name: t.string({ description: nameDescription }),
    description: t.string({ description: descriptionDescription }),
    records: t.field({
      type: [RecordInput],
      description: `The records that replace all existing ones; they get new ids. ${recordsDescription}`,
    }),
  }),
})

builder.mutationFields((t) => ({
  createDataset: t.field({
    type: Dataset,
    description: 'Creates a dataset. Calling it twice creates two datasets.',
    args: {
      input: t.arg({
        type: DatasetInput,
        required: true,
        description: 'The fields and the records of the new dataset.',
      }),
    },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.datasets.create(principal.account, parseDatasetInput(input, ['input'])),
  }),
  updateDataset: t.field({
    type: Dataset,
    description:
      'Changes a dataset in one atomic step: an absent field stays as it is, null clears it. Accepted dispatches are not affected. NOT_FOUND when the account has no such dataset.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the dataset.' }),
      input: t.arg({ type: UpdateDatasetInput, required: true, description: 'The fields to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.datasets.update(principal.account, id, parseDatasetChange(input, ['input'])),
  }),
}))
