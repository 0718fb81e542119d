import type { DatasetRecord } from '../../../store/resource.ts'
import { parseRecordInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { connectionType } from '../connection.ts'
import { DeletePayload } from './delete.ts'

const RecordType = builder.objectRef<DatasetRecord>('Record').implement({
  description: 'A piece of what a dataset knows.',
  fields: (t) => ({
    id: t.id({ description: 'Minted, and globally unique.', resolve: ({ id }) => id }),
    text: t.exposeString('text', { description: 'What is to be known.' }),
    meta: t.field({
      type: 'JSONObject',
      nullable: true,
      description: "The caller's own data.",
      resolve: ({ meta }) => meta,
    }),
  }),
})

export const RecordConnection = connectionType(RecordType, 'Record')

export const RecordInput = builder.inputType('RecordInput', {
  description: 'A piece of what a dataset knows.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'Up to 1,000,000 UTF-16 code units.' }),
    meta: t.field({
      type: 'JSONObject',
      description:
        "The caller's own data, kept; at most 100 levels deep. In an update, left out it stays as it is, and null clears it.",
    }),
  }),
})

const datasetDescription = "The dataset's id."

builder.mutationFields((t) => ({
  createRecord: t.field({
    type: RecordType,
    description:
      'Adds a record behind those of the dataset. NOT_FOUND where there is no such dataset, LIMIT_EXCEEDED where it is full (10,000 records, 16,000,000 bytes).',
    args: {
      datasetId: t.arg.id({ required: true, description: datasetDescription }),
      input: t.arg({ type: RecordInput, required: true, description: 'What is to be known.' }),
    },
    resolve: (_root, { datasetId, input }, { services, principal }) =>
      services.resources.datasets.records.create(principal.account, datasetId, parseRecordInput(input, ['input'])),
  }),
  updateRecord: t.field({
    type: RecordType,
    description:
      'Changes a record, in its place. NOT_FOUND where there is none, LIMIT_EXCEEDED where it grows too much.',
    args: {
      datasetId: t.arg.id({ required: true, description: datasetDescription }),
      id: t.arg.id({ required: true, description: "The record's id." }),
      input: t.arg({ type: RecordInput, required: true, description: 'What is to be known.' }),
    },
    resolve: (_root, { datasetId, id, input }, { services, principal }) =>
      services.resources.datasets.records.update(
        principal.account,
        { dataset: datasetId, id },
        parseRecordInput(input, ['input']),
      ),
  }),
  deleteRecord: t.field({
    type: DeletePayload,
    description: 'Deletes a record. NOT_FOUND where there is none.',
    args: {
      datasetId: t.arg.id({ required: true, description: datasetDescription }),
      id: t.arg.id({ required: true, description: "The record's id." }),
    },
    resolve: async (_root, { datasetId, id }, { services, principal }) => {
      await services.resources.datasets.records.remove(principal.account, { dataset: datasetId, id })
      return { id }
    },
  }),
}))
