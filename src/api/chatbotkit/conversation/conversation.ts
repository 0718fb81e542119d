import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { inputBounds } from '../../../conversation/input/dispatch-input.ts'
import { badInput, Failure } from '../../../kernel/errors.ts'
import { type ConversationId, parseConversationId } from '../../../kernel/ids.ts'
import { dispatchReadAs } from '../../dispatch-permission.ts'
import { removed } from '../../removed.ts'
import { accountOf, callerIn, channelOf, type RestEnv } from '../caller.ts'
import type { Endpoints } from '../endpoints.ts'
import { answers, idBody, jsonBody, streamedAnswers } from '../responses.ts'
import { channelIdField } from '../stream/wire-field.ts'
import { channelIdIn } from './channel-id.ts'
import { completion } from './completion.ts'
import { type DispatchBody, dispatchBody, inputOf } from './dispatch-body.ts'
import { dispatchView, viewOf } from './dispatch-view.ts'

const headers = z.object({ 'x-timezone': z.string().optional() })
const params = z.object({ channelId: z.string() })

const dispatchRoute = createRoute({
  method: 'post',
  path: '/conversation/dispatch',
  operationId: 'dispatchConversation',
  summary: 'Completes a conversation in the background',
  request: { headers, ...jsonBody(dispatchBody) },
  responses: answers('The channel to subscribe to.', z.object({ channelId: channelIdField })),
})

const inConversation = z.object({
  conversationId: z.string().openapi({
    description: 'The conversation: 16 to 128 of A-Z a-z 0-9 _ -. It comes to be with its first dispatch.',
  }),
})

const dispatchInRoute = createRoute({
  ...dispatchRoute,
  path: '/conversation/{conversationId}/dispatch',
  operationId: 'dispatchStatefulConversation',
  summary: 'Goes on with a conversation in the background',
  description: 'Its dispatches run one at a time. Each begins with what the conversation has said by then.',
  request: { ...dispatchRoute.request, params: inConversation },
})

const completeRoute = createRoute({
  method: 'post',
  path: '/conversation/complete',
  operationId: 'completeConversation',
  summary: 'Dispatches a conversation and follows it until it ends',
  description: 'Disconnecting does not cancel the run. The header `X-Channel-Id` names the channel.',
  request: { headers, ...jsonBody(dispatchBody) },
  responses: streamedAnswers(
    'The result; with `Accept: application/jsonl` or `text/event-stream`, all events.',
    z.object({
      text: z.string(),
      usage: z.object({ token: z.number() }),
      end: z.object({ reason: z.enum(['stop', 'length', 'activity', 'abort', 'iteration']) }),
    }),
  ),
})

const completeInRoute = createRoute({
  ...completeRoute,
  path: '/conversation/{conversationId}/complete',
  operationId: 'completeStatefulConversation',
  summary: 'Goes on with a conversation and follows the dispatch until it ends',
  request: { ...completeRoute.request, params: inConversation },
})

const statusRoute = createRoute({
  method: 'get',
  path: '/conversation/dispatch/{channelId}',
  operationId: 'fetchDispatch',
  summary: 'Fetches the state of a dispatch',
  request: { params },
  responses: answers('The dispatch.', dispatchView),
})

const cancelRoute = createRoute({
  method: 'post',
  path: '/conversation/dispatch/{channelId}/cancel',
  operationId: 'cancelDispatch',
  summary: 'Cancels a run, whichever process holds it',
  description: 'Answers once the run has ended, within about two seconds. Cancelling an ended run changes nothing.',
  request: {
    params,
    body: {
      content: {
        'application/json': { schema: z.strictObject({ reason: z.string().max(inputBounds.reason).nullish() }) },
      },
    },
  },
  responses: answers('The dispatch, which has ended.', dispatchView),
})

const removeRoute = createRoute({
  method: 'post',
  path: '/conversation/dispatch/{channelId}/delete',
  operationId: 'deleteDispatch',
  summary: 'Removes an ended dispatch: its log, its record, and what it kept',
  request: { params },
  responses: answers('The id of the channel.', idBody),
})

const removeConversationRoute = createRoute({
  method: 'post',
  path: '/conversation/{conversationId}/delete',
  operationId: 'deleteConversation',
  summary: 'Removes a conversation and all its dispatches',
  request: { params: inConversation },
  responses: answers('The id of the conversation.', idBody),
})

export function addConversation(endpoints: Endpoints): void {
  const { api, services } = endpoints

  api.openapi(dispatchRoute, async (context) => {
    const account = accountOf(context)
    const given = inputOf(context.req.valid('json'), context.req.header('x-timezone'), null)
    const { key } = await services.dispatchConversation(account, await services.readDispatch(account, given, []))
    return context.json({ channelId: key.channel }, 200)
  })

  api.openapi(completeRoute, async (context) => {
    const principal = { account: accountOf(context), grant: null }
    const given = inputOf(context.req.valid('json'), context.req.header('x-timezone'), null)
    const input = await services.readDispatch(principal.account, given, [])
    const dispatch = () => services.dispatchConversation(principal.account, input)
    return completion({ principal, dispatch, accept: context.req.header('accept') }, endpoints)
  })

  // Before the body is looked at: the vendor's SDK sends none where its first argument has been left out.
  for (const operation of ['dispatch', 'complete', 'delete']) {
    api.use(`/conversation/:conversationId/${operation}`, async (context, next) => {
      const { conversationId = '' } = context.req.param()
      if (operation === 'delete') accountOf(context)
      else callerIn(context, conversationId)
      if (conversationId === '[object Object]') {
        const message = `pass null as the first argument: conversation.${operation}(null, {...})`
        throw badInput([{ path: [], message }])
      }
      if (parseConversationId(conversationId) === null) {
        throw new Failure('NOT_FOUND', 'There can be no such conversation: its id has 16 to 128 of A-Z a-z 0-9 _ -.')
      }
      await next()
    })
  }

  /** A dispatch into the conversation in the path, as its caller may make it. */
  const dispatchIn = async (context: Context<RestEnv>, body: DispatchBody) => {
    const { conversationId = null } = context.req.param()
    const principal = callerIn(context, conversationId)
    const given = inputOf(body, context.req.header('x-timezone'), conversationId)
    return { principal, dispatch: await dispatchReadAs(services, principal, given) }
  }

  api.openapi(dispatchInRoute, async (context) => {
    const { dispatch } = await dispatchIn(context, context.req.valid('json'))
    const { key } = await dispatch()
    return context.json({ channelId: key.channel }, 200)
  })

  api.openapi(completeInRoute, async (context) => {
    const dispatched = await dispatchIn(context, context.req.valid('json'))
    return completion({ ...dispatched, accept: context.req.header('accept') }, endpoints)
  })

  api.openapi(statusRoute, async (context) => {
    const key = await channelOf(context, context.req.valid('param').channelId, { permission: 'read', services })
    const [run] = await services.runs.find([key])
    if (run == null) throw noDispatch()
    return context.json(viewOf(run, context.get('principal')), 200)
  })

  api.openapi(cancelRoute, async (context) => {
    const key = await channelOf(context, context.req.valid('param').channelId, { permission: 'cancel', services })
    const run = await services.cancelDispatch(key, context.req.valid('json').reason ?? null)
    if (run === null) throw noDispatch()
    return context.json(viewOf(run, context.get('principal')), 200)
  })

  api.openapi(removeRoute, async (context) => {
    const account = accountOf(context)
    const channel = channelIdIn(context.req.valid('param').channelId)
    removed(await services.removals.dispatch({ account, channel }), 'dispatch')
    return context.json({ id: channel }, 200)
  })

  api.openapi(removeConversationRoute, async (context) => {
    const account = accountOf(context)
    // Checked above.
    const conversation = context.req.valid('param').conversationId as ConversationId
    removed(await services.removals.conversation({ account, conversation }), 'conversation')
    return context.json({ id: conversation }, 200)
  })
}

function noDispatch(): Failure {
  return new Failure('NOT_FOUND', 'There is no dispatch by that id.')
}
