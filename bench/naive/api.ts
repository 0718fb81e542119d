import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Queue } from 'bullmq'
import type { ExecutionArgs, execute, subscribe } from 'graphql'
import { RedisPubSub } from 'graphql-redis-subscriptions'
import { useServer } from 'graphql-ws/use/ws'
import { createSchema, createYoga } from 'graphql-yoga'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'
import { follow, type NaiveEvent } from './log.ts'

// The baseline: what one builds by following the documentation of Yoga, BullMQ, graphql-ws and
// graphql-redis-subscriptions.
const url = process.env['REDIS_URL'] ?? ''
const redis = new Redis(url, { maxRetriesPerRequest: null })
const pubsub = new RedisPubSub({ publisher: redis, subscriber: new Redis(url) })
const queue = new Queue('runs', {
  connection: redis,
  defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
})

/** The result of Yoga's plugins for a request, passed on as its documentation shows. */
interface Operation {
  readonly execute: typeof execute
  readonly subscribe: typeof subscribe
}

interface Dispatch {
  readonly channelId?: string | null
  readonly model: string
  readonly text: string
}

const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: `
      type Query { alive: Boolean }
      type Dispatched { channelId: ID! }
      type Event { id: ID! type: String! text: String }
      type Mutation { dispatchConversation(channelId: ID, model: String!, text: String!): Dispatched! }
      type Subscription { channelEvents(channelId: ID!): Event! }
    `,
    resolvers: {
      Mutation: {
        async dispatchConversation(_root: unknown, { channelId, model, text }: Dispatch) {
          const id = channelId ?? randomUUID()
          await queue.add('run', { channelId: id, model, text })
          return { channelId: id }
        },
      },
      Subscription: {
        channelEvents: {
          subscribe: (_root: unknown, { channelId }: { channelId: string }) => follow(redis, pubsub, channelId),
          resolve: (event: NaiveEvent) => event,
        },
      },
    },
  }),
})

const server = createServer(yoga)
useServer(
  {
    execute: (args) => (args.rootValue as Operation).execute(args),
    subscribe: (args) => (args.rootValue as Operation).subscribe(args),
    async onSubscribe(context, _id, params) {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      })
      const args = {
        schema,
        operationName: params.operationName ?? null,
        document: parse(params.query),
        variableValues: params.variables ?? null,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      } satisfies ExecutionArgs
      const errors = validate(args.schema, args.document)
      return errors.length > 0 ? errors : args
    },
  },
  new WebSocketServer({ server, path: '/graphql' }),
)
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`)
})
process.once('SIGTERM', () => process.exit(0))
