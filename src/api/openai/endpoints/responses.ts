import { z } from 'zod'
import { badInput } from '../../../kernel/errors.ts'
import { requireAccount } from '../../facade/caller.ts'
import type { Facade } from '../../facade/facade.ts'
import { removed } from '../../removed.ts'
import { checked } from '../request/parameter.ts'
import { inputItems } from '../response/input-items.ts'
import { streamedAnswer } from './answers.ts'
import { findResponse, noResponse, readResponse } from './reading.ts'

const flag = z.enum(['true', 'false'], 'takes true or false').transform((text) => text === 'true')

/** Parameters of a query are texts. Whatever else is given is refused by its name. */
const retrieveQuery = z.strictObject({
  stream: flag.default(false),
  starting_after: z
    .string()
    .regex(/^\d{1,15}$/, 'takes the sequence_number of an event')
    .transform(Number)
    .optional(),
  include_obfuscation: z.literal('false', 'takes nothing but false here').optional(),
})

const listQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'takes 1 to 100')
    .transform(Number)
    .default(20),
  order: z.enum(['asc', 'desc'], 'takes asc or desc').default('desc'),
  after: z.string().optional(),
})

/** What can be done with a response. */
export function addResponses(facade: Facade): void {
  const { routes, services } = facade
  const path = '/openai/v1/responses/:id'

  routes.get(path, async (context) => {
    const { principal } = context.var
    const { stream, starting_after } = checked(retrieveQuery, context.req.query())
    const run = await findResponse(services, principal, { id: context.req.param('id'), permission: 'read' })
    if (!stream) return context.json(await readResponse(services, run, principal))
    return streamedAnswer(facade, { run, principal, outgoing: context.env.outgoing }, starting_after ?? 0)
  })

  routes.post(`${path}/cancel`, async (context) => {
    const { principal } = context.var
    const { key } = await findResponse(services, principal, { id: context.req.param('id'), permission: 'cancel' })
    const run = await services.cancelDispatch(key, null)
    if (run === null) throw noResponse()
    return context.json(await readResponse(services, run, principal))
  })

  routes.delete(path, async (context) => {
    const { principal } = context.var
    requireAccount(principal)
    const id = context.req.param('id')
    const { key } = await findResponse(services, principal, { id, permission: 'read' })
    removed(await services.removals.dispatch(key), 'dispatch')
    return context.json({ id, object: 'response', deleted: true })
  })

  routes.get(`${path}/input_items`, async (context) => {
    const { principal } = context.var
    const { limit, order, after } = checked(listQuery, context.req.query())
    const { key } = await findResponse(services, principal, { id: context.req.param('id'), permission: 'read' })
    const items = inputItems(await services.runs.facts(key), principal)
    const ordered = order === 'asc' ? items : items.toReversed()
    const start = after === undefined ? 0 : ordered.findIndex((item) => item.id === after) + 1
    if (after !== undefined && start === 0)
      throw badInput([{ path: ['after'], message: 'there is no item by that id' }])
    const data = ordered.slice(start, start + limit)
    return context.json({
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: start + limit < ordered.length,
    })
  })
}
