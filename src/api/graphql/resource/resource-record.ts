import type { DatasetRecord } from '../../../store/resource.ts'
import { parseRecordInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { connectionType } from '../connection.ts'
import { DeletePayload } from './delete.ts'

export const RecordType = builder.objectRef<DatasetRecord>('Record').implement({
  description: 'One piece of knowledge in a dataset.',
  fields: (t) => ({
    id: t.id({ description: 'A globally unique id, minted by this server.', resolve: ({ id }) => id }),
    text: t.exposeString('text', { description: 'The text of the record. The model reads it.' }),
    meta: t.field({
      type: 'JSONObject',
      nullable: true,
      description: "The caller's own data. The model reads it together with the text.",
      resolve: ({ meta }) => meta,
    }),
  }),
})

export const RecordConnection = connectionType(RecordType, 'Record')

export const RecordInput = builder.inputType('RecordInput', {
  description: 'One piece of knowledge in a dataset.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The text, up to 1,000,000 UTF-16 code units. The model reads it.' }),
    meta: t.field({
      type: 'JSONObject',
      description:
        "The caller's own data, kept as it is; at most 100 levels deep. The model reads it together with the text. In an update, an absent `meta` stays as it is, and null clears it.",
    }),
  }),
})

const datasetDescription = 'The id of the dataset.'

builder.mutationFields((t) => ({
  createRecord: t.field({
    type: RecordType,
    description:
      'Adds a record at the end of a dataset. NOT_FOUND when the account has no such dataset; LIMIT_EXCEEDED when the dataset is full (10,000 records or 16,000,000 bytes). Calling it twice adds two records.',
    args: {
      datasetId: t.arg.id({ required: true, description: datasetDescription }),
      input: t.arg({ type: RecordInput, required: true, description: 'The record.' }),
    },
    resolve: (_root, { datasetId, input }, { services, principal }) =>
      services.resources.datasets.records.create(principal.account, datasetId, parseRecordInput(input, ['input'])),
  }),
  updateRecord: t.field({
    type: RecordType,
    description:
      'Changes a record and keeps its position: an absent `meta` stays as it is. NOT_FOUND when the dataset has no such record; LIMIT_EXCEEDED when the dataset would exceed 16,000,000 bytes.',
    args: {
      datasetId: t.arg.id({ required: true, description: datasetDescription }),
      id: t.arg.id({ required: true, description: 'The id of the record.' }),
      input: t.arg({ type: RecordInput, required: true, description: 'The record.' }),
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
    description:
      'Deletes a record. NOT_FOUND when the dataset has no such record, for example because it is already deleted.',
    args: {
      datasetId: t.arg.id({ required: true, description: datasetDescription }),
      id: t.arg.id({ required: true, description: 'The id of the record.' }),
    },
    resolve: async (_root, { datasetId, id }, { services, principal }) => {
      await services.resources.datasets.records.remove(principal.account, { dataset: datasetId, id })
      return { id }
    },
  }),
}))
