import { z } from '@hono/zod-openapi'
import type { Datasets } from '../../../store/datasets.ts'
import { parseDatasetChange, parseDatasetInput } from '../../../store/resource-input.ts'
import { ignoredField } from '../stream/wire-field.ts'
import type { CrudResource } from './crud.ts'
import { optionalText, pageOf, stampFields, textField, told } from './resource-view.ts'

const body = z
  .strictObject({ name: optionalText, description: optionalText, visibility: ignoredField })
  .openapi('DatasetInput')

const view = z.object({ ...stampFields, name: textField, description: textField }).openapi('Dataset')

/** Datasets without their records, which have their own endpoints. */
export function datasetCrud(datasets: Datasets): CrudResource<typeof body, typeof body, typeof view> {
  return {
    noun: 'dataset',
    within: null,
    order: 'desc',
    createBody: body,
    updateBody: body,
    view,
    create: ({ account }, given) => datasets.create(account, parseDatasetInput({ ...given, records: [] }, [])),
    update: ({ account }, id, given) => datasets.update(account, id, parseDatasetChange(given, [])),
    async find({ account }, id) {
      const dataset = await datasets.find(account, id)
      return dataset === null ? null : told(dataset)
    },
    page: async ({ account }, from, limit) => pageOf(await datasets.page(account, from, limit), told),
    remove: ({ account }, id) => datasets.remove(account, id),
  }
}
