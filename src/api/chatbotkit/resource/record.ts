import { z } from '@hono/zod-openapi'
import type { AccountId } from '../../../kernel/ids.ts'
import { notFound } from '../../../store/collection.ts'
import type { Datasets } from '../../../store/datasets.ts'
import type { DatasetRecord } from '../../../store/resource.ts'
import { parseRecordInput } from '../../../store/resource-input.ts'
import { metaField } from '../stream/wire-field.ts'
import type { CrudResource } from './crud.ts'
import { metaView } from './resource-view.ts'

const body = z.strictObject({ text: z.string(), meta: metaField }).openapi('RecordInput')
const change = body.partial().openapi('RecordChange')
const view = z.object({ id: z.string(), text: z.string(), meta: metaView }).openapi('Record')

function viewOf({ id, text, meta }: DatasetRecord) {
  return { id, text, ...(meta !== null && { meta: { ...meta } }) }
}

/** The records of a dataset, oldest first. */
export function recordCrud(datasets: Datasets): CrudResource<typeof body, typeof change, typeof view> {
  const { records } = datasets
  const requireDataset = async (account: AccountId, id: string) => {
    if ((await datasets.find(account, id)) === null) throw notFound('dataset')
  }
  const find = async (account: AccountId, dataset: string, id: string) => {
    const { items } = await records.page(account, dataset, { after: null, limit: 10_000 })
    return items.find((record) => record.id === id) ?? null
  }
  return {
    noun: 'record',
    within: 'dataset',
    order: 'asc',
    createBody: body,
    updateBody: change,
    view,
    create: ({ account, parent }, given) => records.create(account, parent, parseRecordInput(given, [])),
    async update({ account, parent }, id, given) {
      // The store always writes the text, so a change of `meta` alone needs the current text.
      const text = given.text ?? (await find(account, parent, id))?.text
      if (text === undefined) throw notFound('record')
      return records.update(account, { dataset: parent, id }, parseRecordInput({ ...given, text }, []))
    },
    async find({ account, parent }, id) {
      const record = await find(account, parent, id)
      return record === null ? null : viewOf(record)
    },
    async page({ account, parent }, from, limit) {
      await requireDataset(account, parent)
      const { items, hasMore } = await records.page(account, parent, { after: from, limit })
      return { items: items.map(viewOf), next: hasMore ? (items.at(-1)?.place ?? null) : null }
    },
    remove: ({ account, parent }, id) => records.remove(account, { dataset: parent, id }),
  }
}
