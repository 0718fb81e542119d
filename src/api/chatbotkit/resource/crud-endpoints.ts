import { createRoute, z } from '@hono/zod-openapi'
import { withRawNumbers } from '../../../kernel/json.ts'
import { notFound } from '../../../store/collection.ts'
import { acceptedType } from '../accepted-type.ts'
import { accountOf } from '../caller.ts'
import type { Endpoints } from '../endpoints.ts'
import { answers, idBody, jsonBody, streamedAnswers } from '../responses.ts'
import type { CrudPlace, CrudResource } from './crud.ts'
import { listItems, listQuery, listResponse } from './list-items.ts'

/** Hono cannot infer the validated type of a generic schema, so the key is cast. The route's schema validates the body. */
const json = 'json' as never
const emptyBody = { body: { content: { 'application/json': { schema: z.object({}) } } } }

/** Adds create, list, fetch, update and delete for one kind of resource, in the vendor's form. */
export function addCrud<Body extends z.ZodType, Change extends z.ZodType, View extends z.ZodType>(
  { api }: Endpoints,
  crud: CrudResource<Body, Change, View>,
): void {
  const { noun, within } = crud
  const title = `${within === null ? '' : capital(within)}${capital(noun)}`
  const base = within === null ? `/${noun}` : `/${within}/{parentId}/${noun}`
  const parent =
    within === null
      ? z.object({})
      : z.object({ parentId: z.string().openapi({ param: { name: 'parentId', in: 'path' } }) })
  const one = parent.extend({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) })
  const placeOf = (context: Parameters<typeof accountOf>[0]): CrudPlace => ({
    account: accountOf(context),
    parent: context.req.param('parentId') ?? '',
  })

  api.openapi(
    createRoute({
      method: 'post',
      path: `${base}/create`,
      operationId: `create${title}`,
      request: { params: parent, ...jsonBody(crud.createBody) },
      responses: answers(`The ${noun}'s id.`, idBody),
    }),
    async (context) => {
      const { id } = await crud.create(placeOf(context), context.req.valid(json) as z.output<Body>)
      return context.json({ id }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: `${base}/list`,
      operationId: `list${title}s`,
      request: { params: parent, query: listQuery(crud.order) },
      responses: streamedAnswers(
        `One page of ${noun}s; as JSON Lines, all of them, each as \`{"type":"item","data":…}\`.`,
        z.object({ items: z.array(crud.view), cursor: z.string().optional() }),
      ),
    }),
    async (context) => {
      const place = placeOf(context)
      const { cursor, take } = context.req.valid('query')
      const pages = { read: (from: number | null, limit: number) => crud.page(place, from, limit), cursor, take }
      const type = acceptedType(context.req.header('accept'), ['json', 'jsonl'])
      return type === 'json' ? Response.json(withRawNumbers(await listResponse(pages))) : listItems(pages)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: `${base}/{id}/fetch`,
      operationId: `fetch${title}`,
      request: { params: one },
      responses: answers(`The ${noun}.`, crud.view),
    }),
    async (context) => {
      const found = await crud.find(placeOf(context), context.req.param('id'))
      if (found === null) throw notFound(noun)
      return Response.json(withRawNumbers(found))
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: `${base}/{id}/update`,
      operationId: `update${title}`,
      description: 'An absent field stays as it is, null clears it.',
      request: { params: one, ...jsonBody(crud.updateBody) },
      responses: answers(`The ${noun}'s id.`, idBody),
    }),
    async (context) => {
      const { id } = await crud.update(
        placeOf(context),
        context.req.param('id'),
        context.req.valid(json) as z.output<Change>,
      )
      return context.json({ id }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: `${base}/{id}/delete`,
      operationId: `delete${title}`,
      request: { params: one, ...emptyBody },
      responses: answers(`The id of the ${noun}.`, idBody),
    }),
    async (context) => {
      const id = context.req.param('id')
      await crud.remove(placeOf(context), id)
      return context.json({ id }, 200)
    },
  )
}

function capital(noun: string): string {
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`
}
