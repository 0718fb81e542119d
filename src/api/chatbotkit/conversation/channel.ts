import { createRoute, z } from '@hono/zod-openapi'
import { jsonValue } from '../../../conversation/input/function-input.ts'
import type { PublishReply } from '../../../dispatch/result-channel.ts'
import { badInput, Failure, type FailureCode } from '../../../kernel/errors.ts'
import { acceptedType } from '../accepted-type.ts'
import { channelOf } from '../caller.ts'
import type { Endpoints } from '../endpoints.ts'
import { answers, idBody, jsonBody, streams } from '../responses.ts'
import { subscription } from '../stream/subscription.ts'

const params = z.object({ channelId: z.string() })
const historyLength = z.coerce.number().int().min(0).max(10_000).nullish().openapi({
  description:
    'Start with this many of the newest log entries, 0 to 10,000. Default: all entries on the channel of a dispatch, none on other channels.',
})
const description =
  'The first event is `nop`. Then each event of the channel arrives in a `message`, and a `ping` arrives after 15 seconds of silence. The stream ends after the last event of a dispatch: `result` or `error`. As `text/event-stream` each event has an id; send it back as `Last-Event-ID` to continue right after it.'
const lastEventId = z.object({ 'last-event-id': z.string().optional() })

const subscribeRoute = createRoute({
  method: 'post',
  path: '/channel/{channelId}/subscribe',
  operationId: 'subscribeChannelMessages',
  summary: 'Follows a channel',
  description,
  request: {
    params,
    headers: lastEventId,
    body: { content: { 'application/json': { schema: z.object({ historyLength }) } } },
  },
  responses: streams('The events of the channel.'),
})

const watchRoute = createRoute({
  method: 'get',
  path: '/channel/{channelId}/subscribe',
  operationId: 'watchChannelMessages',
  summary: 'Follows a channel, for `EventSource`',
  description: `${description} 204 when no more events can follow; it stops an EventSource from reconnecting.`,
  request: { params, headers: lastEventId, query: z.object({ historyLength }) },
  responses: { ...streams('The events of the channel.'), 204: { description: 'No more events can follow.' } },
})

const publishRoute = createRoute({
  method: 'post',
  path: '/channel/{channelId}/publish',
  operationId: 'publishChannelMessage',
  summary: 'Publishes a message',
  description:
    'A function call that waits on the channel gets the message as its answer: `{result}`, `{error}`, `{abort}`, or the whole message. 409 once the run of the channel has ended.',
  request: { params, ...jsonBody(z.object({ message: z.record(z.string(), z.unknown()) })) },
  responses: answers('The id of the channel.', idBody),
})

const refusals: Record<PublishReply['outcome'], readonly [FailureCode, string] | null> = {
  published: null,
  ended: ['CONFLICT', 'The run of this channel has ended, so the channel takes no more messages.'],
  full: ['LIMIT_EXCEEDED', "Publications have used up their share of the channel's log."],
}

export function addChannel(endpoints: Endpoints): void {
  const { api, services } = endpoints

  api.openapi(subscribeRoute, async (context) => {
    const { historyLength = null } = context.req.valid('json')
    return subscription(
      {
        key: await channelOf(context, context.req.valid('param').channelId, { permission: 'read', services }),
        principal: context.get('principal'),
        type: acceptedType(context.req.header('accept'), ['jsonl', 'sse']),
        historyLength,
        lastEventId: context.req.header('last-event-id') ?? null,
      },
      endpoints,
    )
  })

  api.openapi(watchRoute, async (context) => {
    const { historyLength = null } = context.req.valid('query')
    return subscription(
      {
        key: await channelOf(context, context.req.valid('param').channelId, { permission: 'read', services }),
        principal: context.get('principal'),
        type: acceptedType(context.req.header('accept'), ['sse', 'jsonl']),
        historyLength,
        lastEventId: context.req.header('last-event-id') ?? null,
      },
      endpoints,
    )
  })

  api.openapi(publishRoute, async (context) => {
    const key = await channelOf(context, context.req.valid('param').channelId, { permission: 'publish', services })
    const { message } = context.req.valid('json')
    const wrong = jsonValue.safeParse(message).error?.issues[0]
    if (wrong !== undefined) throw badInput([{ path: ['message'], message: wrong.message }])
    const refusal = refusals[await services.answers.publish(key, message)]
    if (refusal !== null) throw new Failure(...refusal)
    return context.json({ id: key.channel }, 200)
  })
}
