import { z } from 'zod'
import { badInput } from '../../kernel/errors.ts'
import { clientTimezone } from '../../kernel/timezone.ts'
import type { Api, ApiDeps } from '../api.ts'
import { createFacade, type Facade } from '../facade/facade.ts'
import { readJson } from '../facade/read-json.ts'
import { checkedTimezone } from '../timezone-header.ts'
import { createChat } from './chat.ts'
import { chatBody } from './chat-body.ts'
import { historyOf } from './history.ts'
import { createChatSockets, socketOperations } from './socket.ts'
import { chunkResponse, nothingToCount, openStream } from './stream.ts'

/** What the AI SDK's `useChat` speaks, at one path with what belongs to it below. */
export function createAiSdkApi(deps: ApiDeps): Api {
  const path = deps.aiSdkPath
  return createFacade(deps, {
    owns: (asked) => asked === path || asked.startsWith(`${path}/`),
    // useChat shows the whole body of an error as its message.
    refusalOf: ({ code, message }, status) => ({ status, headers: {}, body: { code, message }, text: message }),
    addRoutes: (facade) => addRoutes(facade, path),
    sockets: { open: (facade) => createChatSockets(deps, facade, path), operations: socketOperations },
  })
}

function timezoneOf(header: string | undefined): string | null {
  const name = clientTimezone(header)
  return name === null ? null : checkedTimezone(name)
}

const startIndexes = z.coerce.number().int().optional()

function addRoutes(facade: Facade, path: string): void {
  const { routes, services } = facade
  const chat = createChat(services)

  routes.post(path, async (context) => {
    const { principal } = context.var
    const body = await readJson(context, chatBody)
    const timezone = body.timezone ?? timezoneOf(context.req.header('x-timezone'))
    const stream = await chat.send(principal, { ...body, timezone })
    const reading = await openStream(facade, principal, stream)
    return chunkResponse(facade, context.env.outgoing, { ...reading, stream })
  })

  routes.get(`${path}/:id/stream`, async (context) => {
    const { principal } = context.var
    const asked = startIndexes.safeParse(context.req.query('startIndex'))
    if (!asked.success) throw badInput([{ path: ['startIndex'], message: 'takes a whole number' }])
    const stream = await chat.resume(principal, context.req.param('id'), asked.data ?? null)
    if (stream === null) return asked.data === undefined ? new Response(null, { status: 204 }) : nothingToCount()
    const reading = await openStream(facade, principal, stream)
    return chunkResponse(facade, context.env.outgoing, { ...reading, stream })
  })

  routes.post(`${path}/:id/stop`, async (context) => {
    await chat.stop(context.var.principal, context.req.param('id'))
    return new Response(null, { status: 204 })
  })

  routes.get(`${path}/:id/messages`, async (context) => {
    return context.json(await historyOf(services, context.var.principal, context.req.param('id')))
  })
}
