import { createRoute, z } from '@hono/zod-openapi'
import { jsonValue } from '../../../conversation/function-input.ts'
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
    'Begin with so many of the newest log entries. Default: all of them on a channel of a dispatch, none on others.',
})
const description =
  'The first event is `nop`. Then each event of the channel in a `message`, and `ping` whenever there was nothing to say for 15 seconds. Ends after the ending of a dispatch: `result`, or `error`. As `text/event-stream` each event has an id: sent back as `Last-Event-ID`, the stream goes on behind it.'
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
  description: `${description} 204 when nothing can follow: an EventSource then does not come back.`,
  request: { params, headers: lastEventId, query: z.object({ historyLength }) },
  responses: { ...streams('The events of the channel.'), 204: { description: 'Nothing can follow.' } },
})

const publishRoute = createRoute({
  method: 'post',
  path: '/channel/{channelId}/publish',
  operationId: 'publishChannelMessage',
  summary: 'Publishes a message',
  description:
    'A call that waits on the channel has it as its answer: `{result}`, `{error}`, `{abort}`, or the whole message. 409 once the run of the channel has ended.',
  request: { params, ...jsonBody(z.object({ message: z.record(z.string(), z.unknown()) })) },
  responses: answers("The channel's id.", idBody),
})

const refusals: Record<PublishReply['outcome'], readonly [FailureCode, string] | null> = {
  published: null,
  ended: ['CONFLICT', "The channel's run has ended; nothing can follow."],
  full: ['LIMIT_EXCEEDED', "The channel's log has reached its limit of entries or bytes."],
}

export function addChannel(endpoints: Endpoints): void {
  const { api, services } = endpoints

  api.openapi(subscribeRoute, (context) => {
    const { historyLength = null } = context.req.valid('json')
    return subscription(
      {
        key: channelOf(context, context.req.valid('param').channelId, 'read'),
        principal: context.get('principal'),
        type: acceptedType(context.req.header('accept'), ['jsonl', 'sse']),
        historyLength,
        lastEventId: context.req.header('last-event-id') ?? null,
      },
      endpoints,
    )
  })

  api.openapi(watchRoute, (context) => {
    const { historyLength = null } = context.req.valid('query')
    return subscription(
      {
        key: channelOf(context, context.req.valid('param').channelId, 'read'),
        principal: context.get('principal'),
        type: acceptedType(context.req.header('accept'), ['sse', 'jsonl']),
        historyLength,
        lastEventId: context.req.header('last-event-id') ?? null,
      },
      endpoints,
    )
  })

  api.openapi(publishRoute, async (context) => {
    const key = channelOf(context, context.req.valid('param').channelId, 'publish')
    const { message } = context.req.valid('json')
    const wrong = jsonValue.safeParse(message).error?.issues[0]
    if (wrong !== undefined) throw badInput([{ path: ['message'], message: wrong.message }])
    const refusal = refusals[await services.answers.publish(key, message)]
    if (refusal !== null) throw new Failure(...refusal)
    return context.json({ id: key.channel }, 200)
  })
}
