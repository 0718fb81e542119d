import { Failure } from '../kernel/errors.ts'
import { type AccountId, type Ids, parseResourceId } from '../kernel/ids.ts'
import { type Collection, createCollection, knownId, notFound } from './collection.ts'
import type { Dataset, DatasetRecord } from './resource.ts'
import { type DatasetChange, type DatasetInput, type RecordInput, resourceBounds } from './resource-input.ts'
import type { PlacedRecord, RecordReply, RecordStore, ResourceStore, StoredPage } from './store.ts'

export interface Datasets extends Collection<'dataset'> {
  create(account: AccountId, input: DatasetInput): Promise<Dataset>
  /** Given records replace all existing ones atomically. */
  update(account: AccountId, id: string, input: DatasetChange): Promise<Dataset>
  readonly records: Records
}

/** `dataset` is its id. NOT_FOUND for an unknown dataset or record; LIMIT_EXCEEDED when the dataset is full. */
export interface Records {
  /** Oldest first, after the record with this `place`. Empty for an unknown dataset. */
  page(account: AccountId, dataset: string, range: RecordRange): Promise<StoredPage<PlacedRecord>>
  create(account: AccountId, dataset: string, input: RecordInput): Promise<DatasetRecord>
  update(account: AccountId, name: RecordName, input: RecordInput): Promise<DatasetRecord>
  remove(account: AccountId, name: RecordName): Promise<void>
}

export interface RecordRange {
  readonly after: number | null
  readonly limit: number
}

export interface RecordName {
  readonly dataset: string
  readonly id: string
}

export interface DatasetsDeps {
  readonly store: ResourceStore
  readonly records: RecordStore
  readonly ids: Ids
}

export function createDatasets(deps: DatasetsDeps): Datasets {
  const { store, ids } = deps
  const { collection, create, update } = createCollection(store, 'dataset')

  return {
    ...collection,
    create: (account, { records, ...given }) =>
      create(account, {
        id: ids.resourceId('dataset'),
        fields: { name: null, description: null, ...given },
        records: records.map((record) => newRecord(record, ids)),
      }),
    update: (account, id, { records, ...fields }) =>
      update(account, id, {
        fields,
        ...(records !== undefined && { records: (records ?? []).map((record) => newRecord(record, ids)) }),
      }),
    records: createRecords(deps),
  }
}

function createRecords({ records, ids }: DatasetsDeps): Records {
  const limits = { records: resourceBounds.recordsPerDataset, bytes: resourceBounds.bytesPerDataset }
  const datasetKey = (account: AccountId, dataset: string) => ({ account, dataset: knownId(dataset, 'dataset') })

  return {
    async page(account, text, { after, limit }) {
      const dataset = parseResourceId(text)
      return dataset === null ? { items: [], hasMore: false } : records.page({ account, dataset }, after, limit)
    },
    async create(account, dataset, input) {
      return written(await records.add(datasetKey(account, dataset), newRecord(input, ids), limits), 'dataset')
    },
    async update(account, { dataset, id }, input) {
      const reply = await records.update(datasetKey(account, dataset), knownId(id, 'record'), { ...input, limits })
      return written(reply, 'record')
    },
    async remove(account, { dataset, id }) {
      const isGone = await records.remove(datasetKey(account, dataset), knownId(id, 'record'))
      if (!isGone) throw notFound('record')
    },
  }
}

function newRecord({ text, meta }: RecordInput, ids: Ids): DatasetRecord {
  return { id: ids.resourceId('record'), text, meta: meta ?? null }
}

function written(reply: RecordReply, noun: string): DatasetRecord {
  if (reply.outcome === 'written') return reply.record
  if (reply.outcome === 'missing') throw notFound(noun)
  const { recordsPerDataset, bytesPerDataset } = resourceBounds
  const message = `a dataset takes at most ${recordsPerDataset} records and ${bytesPerDataset} bytes in all`
  throw new Failure('LIMIT_EXCEEDED', `input: ${message}`, { issues: [{ path: ['input'], message }] })
}
