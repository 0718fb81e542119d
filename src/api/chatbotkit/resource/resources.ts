import { createRoute, z } from '@hono/zod-openapi'
import { notFound } from '../../../store/collection.ts'
import { parseEnsuredContact } from '../../../store/resource-input.ts'
import { searchDataset } from '../../search-dataset.ts'
import { accountOf } from '../caller.ts'
import type { Endpoints } from '../endpoints.ts'
import { answers, idBody, jsonBody } from '../responses.ts'
import { abilityCrud } from './ability.ts'
import { botCrud } from './bot.ts'
import { contactBody, contactCrud } from './contact.ts'
import { addCrud } from './crud-endpoints.ts'
import { datasetCrud } from './dataset.ts'
import { recordCrud } from './record.ts'
import { metaView } from './resource-view.ts'
import { secretCrud } from './secret.ts'
import { skillsetCrud } from './skillset.ts'

const ensureRoute = createRoute({
  method: 'post',
  path: '/contact/ensure',
  operationId: 'ensureContact',
  summary: 'Finds a contact by its fingerprint, or creates it',
  description: 'An existing contact is not changed.',
  request: jsonBody(contactBody.extend({ fingerprint: z.string() })),
  responses: answers('The id of the contact.', idBody),
})

const searchRoute = createRoute({
  method: 'post',
  path: '/dataset/{datasetId}/search',
  operationId: 'searchDataset',
  summary: 'Searches the records of a dataset by full text',
  request: { params: z.object({ datasetId: z.string() }), ...jsonBody(z.object({ search: z.string().min(1) })) },
  responses: answers(
    'The best match first; `text` is the matching passage. Scores are comparable within one answer only.',
    z.object({
      id: z.string(),
      records: z.array(z.object({ id: z.string(), text: z.string(), meta: metaView, score: z.number() })),
    }),
  ),
})

export function addResources(endpoints: Endpoints): void {
  const { api, services } = endpoints
  const { bots, contacts, datasets, skillsets, secrets } = services.resources

  api.openapi(ensureRoute, async (context) => {
    const { id } = await contacts.ensure(accountOf(context), parseEnsuredContact(context.req.valid('json'), []))
    return context.json({ id }, 200)
  })

  api.openapi(searchRoute, async (context) => {
    const account = accountOf(context)
    const dataset = await datasets.find(account, context.req.valid('param').datasetId)
    if (dataset === null) throw notFound('dataset')
    const query = context.req.valid('json').search
    const found = await searchDataset(datasets.records, services.searchRecords, { account, dataset: dataset.id, query })
    const records = found.map(({ record: { id, meta }, text, score }) => {
      return { id, text, ...(meta !== null && { meta: { ...meta } }), score }
    })
    return context.json({ id: dataset.id, records }, 200)
  })

  addCrud(endpoints, botCrud(bots))
  addCrud(endpoints, contactCrud(contacts))
  addCrud(endpoints, datasetCrud(datasets))
  addCrud(endpoints, recordCrud(datasets))
  addCrud(endpoints, skillsetCrud(skillsets))
  addCrud(endpoints, abilityCrud(skillsets))
  addCrud(endpoints, secretCrud(secrets))
}
